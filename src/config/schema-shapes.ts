/** Shapes that several parts of the schema have in common. */

export const strings = { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true } as const;
export const count = { type: 'integer', minimum: 1 } as const;
export const commandLine = { type: 'string', minLength: 1, maxLength: 4096 } as const;
