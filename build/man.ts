/** The manual page, from oclif's manifest. Pure. Rule: no date and no machine in it: the same commands give the same bytes. */
export interface ManualCommand {
  id: string;
  summary?: string;
  description?: string;
  usage: string;
  /** Name and explanation of each argument and flag. */
  rows: Array<[term: string, text: string]>;
}

export function manualPage(version: string, commands: readonly ManualCommand[]): string {
  return `.TH "GIT\\-AMBIENT" "1" "" "git\\-ambient ${roff(version)}" "Git Manual"
.nh
.ad l
.SH NAME
git\\-ambient \\- a maintenance crew that lives inside a git repository
.SH SYNOPSIS
.nf
\\fBgit ambient\\fR <command> [\\fB\\-C\\fR <dir>] [\\fB\\-\\-json\\fR] [<args>]
.fi
.SH DESCRIPTION
You commit; in the background specialists read what changed, write fixes, and run your own checks on each of them in a
sandbox, on the base and on the candidate. What survives is an ordinary commit under \\fIrefs/ambient/\\fR, which you review
and land with one command.
.PP
Start with \\fBgit ambient init\\fR. Then \\fBgit ambient next\\fR shows one proposal after the other.
.SH OPTIONS
.TP
.B \\-C <dir>, \\-\\-directory <dir>
Work in the repository of this directory.
.TP
.B \\-\\-json
Print one JSON document instead of text. Not for \\fBwatch\\fR.
.TP
.B \\-\\-help
Help of one command. \\fBgit ambient \\-\\-help\\fR shows this page.
.TP
.B \\-\\-version
Print the version.
.SH COMMANDS
${commands.map(section).join('\n')}
.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
a gate said no, or findings under \\fB\\-\\-check\\fR; nothing was changed
.TP
.B 2
a mistake of the user or the configuration
.TP
.B 3
the environment: no sandbox, no git
.TP
.B 70
a fault of git\\-ambient
.SH FILES
.TP
.I .ambient.yml
The configuration of the repository. It does nothing in a clone until \\fBgit ambient init\\fR trusts it.
.TP
.I $GIT_COMMON_DIR/ambient/
Local state; disposable.
.TP
.I refs/ambient/proposals/<id>
The proposals: ordinary commits, each on its base.
.SH SEE ALSO
.BR git (1),
.BR git\\-notes (1),
.BR bwrap (1)
`;
}

function section(command: ManualCommand): string {
  const lines = [
    `.SS "git ambient ${roff(command.usage)}"`,
    paragraph(`${command.summary ?? ''}.`),
    ...(command.description ?? '').split('\n\n').flatMap((text) => (text === '' ? [] : ['.PP', paragraph(text)])),
    ...command.rows.flatMap(([term, text]) => ['.TP', `.B ${roff(term)}`, paragraph(text)]),
  ];
  return lines.join('\n');
}

/** Code between backticks is bold. */
function paragraph(text: string): string {
  const marked = roff(text.replace(/\s+/g, ' ')).replace(/`([^`]*)`/g, '\\fB$1\\fR');
  return /^[.']/.test(marked) ? `\\&${marked}` : marked;
}

function roff(text: string): string {
  return text.replace(/\\/g, '\\e').replace(/-/g, '\\-').replace(/"/g, '\\(dq');
}
