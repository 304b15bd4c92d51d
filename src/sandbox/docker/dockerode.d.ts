/** The part of dockerode that is used. Rule: what is not declared here is not called. */
declare module 'dockerode' {
  import type { Duplex, Writable } from 'node:stream';

  interface Exec {
    start(options: { hijack: boolean; stdin: boolean }): Promise<Duplex>;
    inspect(): Promise<{ Running: boolean; ExitCode: number | null }>;
  }
  interface ContainerState {
    Running: boolean;
    Pid: number;
    OOMKilled: boolean;
    Error: string;
  }
  interface Container {
    id: string;
    start(): Promise<unknown>;
    attach(options: { stream: true; stdin: true; hijack: true }): Promise<Duplex & { unref?(): void }>;
    exec(options: Record<string, unknown>): Promise<Exec>;
    inspect(): Promise<{ State: ContainerState }>;
    wait(options: { condition: 'removed' }): Promise<unknown>;
    top(): Promise<{ Processes: string[][] }>;
    remove(options: { force: true; v: true }): Promise<unknown>;
  }
  export interface EngineInfo {
    ServerVersion: string;
    Driver: string;
    OSType: string;
    Architecture: string;
    SecurityOptions?: string[];
    CgroupVersion?: string;
  }
  export default class Docker {
    constructor(options: { socketPath: string });
    readonly modem: { demuxStream(stream: NodeJS.ReadableStream, stdout: Writable, stderr: Writable): void };
    info(): Promise<EngineInfo>;
    createContainer(options: Record<string, unknown>): Promise<Container>;
    getContainer(id: string): Container;
    getImage(name: string): { inspect(): Promise<{ Id: string; Config: { Env?: string[] | null } }> };
    listContainers(options: {
      all: true;
      filters: { label: string[] };
    }): Promise<Array<{ Id: string; Labels: Record<string, string> }>>;
    importImage(file: NodeJS.ReadableStream, options: { repo: string; tag: string }): Promise<NodeJS.ReadableStream>;
    buildImage(
      context: NodeJS.ReadableStream,
      options: { t: string; labels: Record<string, string> },
    ): Promise<NodeJS.ReadableStream>;
  }
}
