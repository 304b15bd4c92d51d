/**
 * Child process of the dispatcher: one specialist at a time on text that it is handed. Rule: it has no handle on the
 * repository; a crash or hang here costs this batch and nothing else.
 */

import type { SpecialistName } from '../records/index.ts';
import { type DiagnoseOptions, type Diagnosis, loadSpecialist, type SourceFile } from '../specialists/index.ts';

export interface WorkerRequest {
  id: number;
  specialist: SpecialistName;
  files: SourceFile[];
  options: DiagnoseOptions;
}
export type WorkerReply = { id: number; diagnosis: Diagnosis } | { id: number; error: string };

process.on('message', async (request: WorkerRequest) => {
  let reply: WorkerReply;
  try {
    const specialist = await loadSpecialist(request.specialist);
    reply = { id: request.id, diagnosis: await specialist.diagnose(request.files, request.options) };
  } catch (error) {
    reply = { id: request.id, error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(reply);
});
process.on('disconnect', () => process.exit(0));
