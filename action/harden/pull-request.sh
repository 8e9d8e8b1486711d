#!/usr/bin/env bash
# Hardens the checkout, and opens or updates one pull request with the result. What files say gets into it as quoted text only.
set -euo pipefail
author=bulkhead-harden@users.noreply.github.com
work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/bulkhead-pr-XXXXXX")

# read splits at blanks and line breaks, and expands nothing: globs are Bulkhead's
read -r -d '' -a paths <<< "$PATHS" || true
arguments=()
if [[ -n $PROFILE ]]; then arguments+=("--profile=$PROFILE"); fi
if [[ $SAFE_ONLY == true ]]; then arguments+=(--safe-only); fi
if [[ -n $(git status --porcelain --untracked-files=no) ]]; then
  echo '::error::the checkout has changes: what an earlier step changed would get into the pull request'
  exit 2
fi

# what a log and a pull request show has its credentials masked
node "$PROGRAM" harden --mask "${arguments[@]}" -- "${paths[@]}" > "$work/diff" 2> "$work/left"
node "$PROGRAM" harden --write "${arguments[@]}" -- "${paths[@]}" > /dev/null 2>&1
if [[ -z $(git status --porcelain --untracked-files=no) ]]; then
  echo 'Nothing to change'
  exit 0
fi

# quoted FILE LANGUAGE CHARACTERS: a block whose fence is longer than any in the file
quoted() {
  local fence='````'
  while grep --quiet --fixed-strings -- "$fence" "$1"; do fence+='`'; done
  printf '%s%s\n' "$fence" "$2"
  head --bytes "$3" "$1" | iconv --from-code utf-8 --to-code utf-8 -c
  printf '\n%s\n' "$fence"
  if (($(wc --bytes < "$1") > $3)); then echo "The rest does not fit here."; fi
}
{
  echo 'What `bulkhead harden` changes: every edit is verified to change nothing else in its file.'
  printf '\n## What it assumes, and what is left to you\n\n'
  quoted "$work/left" text 30000
  printf '\n## The diff\n\n'
  quoted "$work/diff" diff 25000
} > "$work/body"

# in the environment, since arguments are seen by every process
basic=$(printf 'x-access-token:%s' "$GH_TOKEN" | base64 --wrap=0)
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader" GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic"
echo "::add-mask::$basic"

# the branch is one commit: on top of it is what others have done
if git fetch --quiet --no-tags --depth=1 origin "+refs/heads/$BRANCH:refs/bulkhead/branch" 2> /dev/null &&
  [[ $(git log -1 --format=%ce refs/bulkhead/branch) != "$author" ]]; then
  echo "::error::someone else has committed to $BRANCH: merge it, or name another branch"
  exit 2
fi
git switch --quiet --force-create "$BRANCH"
git add --update
git -c user.name='Bulkhead harden' -c user.email="$author" commit --quiet --message 'Harden container configuration'
git push --quiet --force origin "HEAD:refs/heads/$BRANCH"

cd "$work"
target=(--repo "$GITHUB_REPOSITORY")
address=$(gh pr list "${target[@]}" --head "$BRANCH" --state open --json url --jq '.[0].url // ""')
if [[ -n $address ]]; then
  gh pr edit "$address" --body-file body > /dev/null
else
  address=$(gh pr create "${target[@]}" --head "$BRANCH" --base "${GITHUB_REF_NAME}" --title 'Harden container configuration' --body-file body)
fi
echo "pull-request=$address" >> "$GITHUB_OUTPUT"
