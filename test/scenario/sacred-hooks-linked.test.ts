/** The hook set-ups in a linked worktree. */
import { sacredHooks } from './sacred-hooks.ts';

sacredHooks('linked');
