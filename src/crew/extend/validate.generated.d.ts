/** Types of the code that `build/validators.ts` compiles from schema.ts. */
export interface Violation {
  instancePath: string;
  keyword: string;
  params: Record<string, unknown>;
  message?: string;
}
type Validator = ((data: unknown) => boolean) & { errors?: Violation[] | null };
export const validators: { specialistAnswer: Validator; gateAnswer: Validator; event: Validator };
