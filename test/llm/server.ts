/** A server that speaks the chat protocol over real HTTP, and misbehaves as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  url: string;
  headers: IncomingMessage['headers'];
  /** As it came. */
  bytes: string;
  body: Record<string, unknown>;
}

export type Behaviour = (response: ServerResponse, received: Received) => void;

export interface ChatServer {
  url: string;
  received: Received[];
  close(): Promise<void>;
}

/** Answers the n-th call by the n-th behaviour; the last one stays. */
export async function startServer(...behaviours: Behaviour[]): Promise<ChatServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let bytes = '';
    request.on('data', (chunk) => (bytes += chunk));
    request.on('end', () => {
      const one = { url: request.url ?? '', headers: request.headers, bytes, body: JSON.parse(bytes || '{}') };
      received.push(one);
      const behave = behaviours[Math.min(received.length, behaviours.length) - 1];
      behave?.(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (content: string) => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });

export interface StreamOptions {
  finish?: string | null;
  usage?: { prompt_tokens: number; completion_tokens: number };
  piece?: number;
}

/** Streams `text` in pieces. `finish: null` cuts the stream before its end. */
export function streams(text: string, { finish = 'stop', usage, piece = 7 }: StreamOptions = {}): Behaviour {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let at = 0; at < text.length; at += piece) response.write(delta(text.slice(at, at + piece)));
    if (finish === null) {
      response.write(': cut\n', () => response.destroy());
      return;
    }
    response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }));
    if (usage) response.write(event({ choices: [], usage }));
    response.end('data: [DONE]\n\n');
  };
}

/** Answers with a status and a message as providers do. */
export function says(status: number, message: string, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message } }));
  };
}

/** All in one piece, from a server that does not stream. */
export function whole(text: string): Behaviour {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    response.end(JSON.stringify({ choices: [{ message: { content: text }, finish_reason: 'stop' }], usage }));
  };
}
