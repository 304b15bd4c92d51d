/**
 * What a model's change may touch. Rule: pure; source and tests only. Whatever decides what is run, who is trusted, or what
 * is shipped is edited by people: a sentence in a source file must not be able to ask for it.
 */
const SOURCE = /\.(py|pyi|[cm]?[jt]sx?|go|rs|md|rst|txt)$/i;
const DECIDES =
  /(^|\/)(\.[^/]+|node_modules|vendor|third_party|dist|build|conftest\.py|sitecustomize\.py|usercustomize\.py|setup\.py|noxfile\.py|tasks\.py|fabfile\.py|dodo\.py|manage\.py|build\.rs|requirements[^/]*\.txt|constraints[^/]*\.txt|[^/]*\.config\.[cm]?[jt]s|(gulp|grunt|rollup|webpack|vite|jest|karma)file?\.[cm]?[jt]s|CODEOWNERS|LICENSE[^/]*|AGENTS\.md|CLAUDE\.md)(\/|$)/i;

/** Why a model may not touch `path`, or null when it may. */
export function refusedToModels(path: string): string | null {
  if (DECIDES.test(path)) return `${path} decides what is run or shipped: only people change it`;
  return SOURCE.test(path) ? null : `${path} is neither source nor a test`;
}
