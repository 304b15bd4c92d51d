/** Made by the build: every file of src/commands by its name, loaded on first use. */
declare module 'built:commands' {
  export const commands: Record<
    string,
    () => Promise<{ default: { id: string; new (argv: string[], config: unknown): { begin(): Promise<unknown> } } }>
  >;
}
