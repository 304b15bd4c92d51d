/** Reporting is a port: rooms say what happens, `crew/` decides who hears it. The library itself never prints. */
export interface Log {
  /** A step that a person waiting would like to see: "checking 3 of 7: npm test". */
  progress(message: string): void;
  /** Something that is not an error but that the person should know. */
  warn(message: string): void;
}
