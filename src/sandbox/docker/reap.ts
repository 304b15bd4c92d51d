/** Removes what a killed process of ours has left at the engine. Rule: by our label, and only when its owner is gone. */
import { ownerIsDead } from '../ownership.ts';
import { LABEL } from './container.ts';
import type { Engine } from './engine.ts';
import { removeContainer } from './warm.ts';

/** Removes containers whose owner is dead, running or not. */
export async function reapContainers(engine: Engine): Promise<void> {
  const found = await engine.listContainers({ all: true, filters: { label: [LABEL] } }).catch(() => []);
  for (const { Id, Labels } of found)
    if (ownerIsDead(Labels[LABEL] ?? '')) await removeContainer(engine.getContainer(Id)).catch(() => {});
}
