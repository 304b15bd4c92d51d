import { AmbientCommand } from './frame/command.ts';
import { renderReview } from './frame/render-next.ts';
import { openScreen } from './frame/review-screen.ts';

export default class Next extends AmbientCommand {
  static override summary = 'Review open proposals one by one: why, what was checked, the change, one key';
  static override description =
    'Keys: m merge, f fixup (see merge --fixup), a apply to the working tree, r reject with a reason, l later, o open in your editor, q quit, ? help. Without single keys (TERM=dumb, a pipe) the same letters are read as lines. With --json it only prints the proposal that comes next, or null.';

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Next);
    return this.open(flags.directory, async (crew) => {
      const { proposals } = await import('../crew/index.ts');
      if (this.jsonEnabled()) {
        const next = await proposals.next(crew);
        // oclif prints no null.
        if (next === null) this.logJson(null);
        return next;
      }
      const { screen, interactive, close } = openScreen(process.stdin, process.stdout, process.env);
      try {
        const report = await proposals.review(crew, screen);
        const decided = Object.values(report.counts).some((count) => count > 0);
        if (report.left === 0 && !decided) this.log('No open proposals.');
        else if (!interactive && !decided && report.current !== null) this.log(commands(report.current));
        else this.log(`\n${renderReview(report)}`);
      } finally {
        close();
      }
      return undefined;
    });
  }
}

/** For whoever cannot press a key. */
function commands(id: string): string {
  const lines = [`merge ${id}`, `merge --fixup ${id}`, `apply ${id}`, `reject ${id} --reason "…"`];
  return ['', 'To decide:', ...lines.map((line) => `  git ambient ${line}`)].join('\n');
}
