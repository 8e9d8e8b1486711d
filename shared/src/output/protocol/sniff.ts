/** Names that say enough: configuration, values of charts, kustomizations, pipelines. Folders above a workspace say nothing. */
const ourNames = /^\.bulkhead\.|^kustomization\.|values|\.gitlab-ci\.ya?ml$/i;
const ourFolders = /\/\.(?:github|gitea|forgejo)\/workflows\//;

/** Keys without which no family of YAML claims a document, in block or flow style; some say something in a certain place alone. */
const ourKeys =
  /(?:^|[\s{,"'])(?:apiVersion|services|volumes|networks|jobs|runs|updates|repos|script|image|trigger|include|variables|op)["']?[ \t]*:|^[ \t]+["']?extends["']?[ \t]*:|^["']?(?:secrets|configs|models)["']?[ \t]*:/m;

/** Programs for containers and images, which scripts and pages may call; a variable may hold one. */
const ourPrograms =
  /docker|podman|nerdctl|\b(?:finch|trivy|grype|cosign|snyk|buildah|skopeo|crane|oras|regctl)\b|(?:ENGINE|RUNTIME|TOOL|CMD|BIN)[^\s\w]{0,3}[ \t]|tcp:\/\//i;

/**
 * Whether a text may be one that is checked: it costs one look, so that an editor starts a server where there is a reason to. What a server checks passes; of
 * the rest some do.
 */
export function mayBeOurs(path: string, text: string, isYaml: boolean): boolean {
  const start = text.slice(0, 1 << 20);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return isYaml ? ourNames.test(name) || ourFolders.test(path) || ourKeys.test(start) : ourPrograms.test(start);
}
