/** Files that no model gets to see. Rule: by name, before anything of them is read. */
const NAME =
  /^(\.env(\..+)?|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.htpasswd|id_(rsa|dsa|ecdsa|ed25519)(\.pub)?|credentials(\.(json|ya?ml|ini))?|secrets?(\.(json|ya?ml|toml|ini|env))?|.*\.(pem|key|p12|pfx|jks|keystore|kdbx|asc|gpg|age))$/i;
const FOLDER = /(^|\/)(\.ssh|\.gnupg|\.aws|\.kube|\.docker)\//i;
const EXAMPLE = /^\.env\.(example|sample|template|dist)$/i;

/** Is `path` one that holds credentials by its name? */
export function isSecretPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    (NAME.test(name) || ((path.startsWith('.') || path.includes('/.')) && FOLDER.test(path))) && !EXAMPLE.test(name)
  );
}
