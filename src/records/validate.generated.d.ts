/** Types of the code that `build/validators.ts` compiles from schema.ts. */
type Validator = ((data: unknown) => boolean) & {
  errors?: Array<{ instancePath: string; keyword: string; message?: string }> | null;
};
export const validators: { evaluation: Validator; archive: Validator; telemetry: Validator };
