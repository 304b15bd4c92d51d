/** The hook set-ups in a main worktree. */
import { sacredHooks } from './sacred-hooks.ts';

sacredHooks('main');
