#!/usr/bin/env bash
# Takes what jobs without secrets have sealed, trusts none of it, and ends with one comment that says what happened.
set -u
export GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=2
export GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/dev/null GIT_CONFIG_KEY_1=core.symlinks GIT_CONFIG_VALUE_1=false
work=$(mktemp -d "$RUNNER_TEMP/glm-skill-XXXXXXXX")
said="$work/said.md"
url=""
: > "$said"
say() { printf '%s\n\n' "$1" >> "$said"; }
field() { node -e 'let s;try{s=JSON.parse(require("fs").readFileSync(process.argv[1],"utf8"))}catch{s={}};const v=s[process.argv[2]];process.stdout.write(typeof v==="string"&&/^[0-9a-z_]{1,64}$/.test(v)?v:"")' "$1/seal.json" "$2"; }
# At most so much of a file, in whole characters: GitHub takes 65,536 of them. A cut is named.
short() {
  head -c 60000 "$1" | iconv -c -f utf-8 -t utf-8 || true
  if [ "$(wc -c < "$1")" -gt 60000 ]; then printf '\n\n*Cut here: the rest of %s bytes is in the summary and the artifact of the run.*\n' "$(wc -c < "$1")"; fi
}

# Nobody is called by a name that a test or a file has, no issue is closed by what one says, and nothing is fetched or hidden.
quiet() {
  local blank=$'\xe2\x80\x8b'
  head -c 2000000 | sed -e "s/&\([a-zA-Z#]\)/\&amp;\1/g" -e "s/@/@$blank/g" -e "s/!\[/!$blank[/g" -e "s/<\([a-zA-Z!/?]\)/<$blank\1/g" -e "s/#\([0-9]\)/#$blank\1/g" -e "s/\(GH-\)\([0-9]\)/\1$blank\2/gI" -e "s:/\(issues\|pull\)/\([0-9]\):/\1/$blank\2:g"
}

# Why a patch may not be taken; nothing when it may.
refused() {
  local patch=$1 commit=$2 digest=$3
  [ "$commit" = "$COMMIT" ] || { echo "it was made for another commit"; return; }
  [ "$(wc -c < "$patch")" -le 1000000 ] || { echo "it is larger than 1 MB"; return; }
  [ "$(sha256sum < "$patch" | cut -c1-64)" = "$digest" ] || { echo "it is not the patch that was sealed"; return; }
  local names
  names=$(git apply --numstat "$patch" 2> /dev/null) || { echo "it is not a patch"; return; }
  names=$(printf '%s\n' "$names" | cut -f3-)
  if printf '%s\n' "$names" | grep -qE '(^|[/{" ])\.(git|github|husky|circleci|gitlab-ci|travis|buildkite|drone|woodpecker|npmrc|yarnrc|yarn|pnpmfile|pnpmrc|mcp|vscode|devcontainer|cursor|claude|codex|gemini|envrc|pre-commit|lefthook)|(^|/)(Jenkinsfile|action\.ya?ml|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|lefthook\.ya?ml)$'; then
    echo "it touches what CI or git runs"; return
  fi
  if git apply --summary "$patch" 2> /dev/null | grep -qE 'mode (120000|160000)|mode change'; then echo "it makes links or changes modes"; fi
}

open_one() {
  local folder=$1 patch="$1/fix.patch" branch made
  # Of the cause and of the branch it is for: the same test may be red on two of them.
  branch="glm-skill/fix-$(field "$folder" cause)-$(printf '%s' "$BASE" | sha256sum | cut -c1-6)"
  if [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ]; then say "The patch below is verified. A pull request from a fork gets no branch: apply it by hand."; return; fi
  # Jobs of a matrix may be red for one cause, and be mended in two ways.
  local this; this="$branch $(field "$folder" patch)"
  if printf '%s' "$opened" | grep -qxF "$this"; then return; fi
  if printf '%s' "$opened" | grep -qF "$branch "; then say "Another job has mended the same failing test in another way, which is verified too: its patch is in the artifact $(basename "$folder" | quiet | tr -d '\140')."; return; fi
  local tree="$work/tree-$count"
  git init --quiet "$tree" && git -C "$tree" remote add origin "$ORIGIN" || return
  { git -C "$tree" fetch --quiet --depth=1 origin "$COMMIT" && git -C "$tree" checkout --quiet --detach FETCH_HEAD; } || { say "The commit $COMMIT could not be fetched."; return; }
  git -C "$tree" apply --index "$patch" || { say "The verified patch does not apply to $COMMIT alone."; return; }
  git -C "$tree" -c user.name=glm-skill -c user.email=glm-skill@users.noreply.github.com commit --quiet --message "fix: Make the failing test pass" --message "Proposed by glm-skill and proven: red before, green after."
  # What somebody else has put there stays.
  local lease=""
  if git -C "$tree" fetch --quiet --depth=1 origin "refs/heads/$branch" 2> /dev/null; then lease=$(git -C "$tree" rev-parse FETCH_HEAD); fi
  if [ -n "$lease" ] && [ -n "$(git -C "$tree" log -1 --format='%ae%n%ce' "$lease" | grep -vxF glm-skill@users.noreply.github.com)" ]; then
    say "The branch $branch holds commits of somebody else, so the verified patch was not put there: delete the branch, or apply the patch by hand."; return
  fi
  if ! git -C "$tree" push --quiet "--force-with-lease=refs/heads/$branch:$lease" origin "HEAD:refs/heads/$branch"; then say "The branch $branch could not be pushed: the job needs contents: write."; return; fi
  opened="$opened$this"$'\n'
  made=$(gh pr list --repo "$GITHUB_REPOSITORY" --head "$branch" --state open --json url --jq '.[0].url' 2> /dev/null) || made=""
  if [ -z "$made" ]; then
    quiet < "$folder/report.md" > "$work/long.md"
    short "$work/long.md" > "$work/body.md"
    made=$(gh pr create --repo "$GITHUB_REPOSITORY" --base "$BASE" --head "$branch" --title "fix: Make the failing test pass" --body-file "$work/body.md") || made=""
  fi
  if [ -n "$made" ]; then
    url=$made
    say "Pull request with the verified patch: $made"
  else
    say "The verified patch is on the branch $branch. No pull request could be opened: allow it under Settings, Actions, \"Allow GitHub Actions to create pull requests\", or open it from the branch."
  fi
}

if [ "$PULL_REQUEST" = true ]; then gh auth setup-git || true; fi
opened=""
count=0
for seal in "$SEALED"/seal.json "$SEALED"/*/seal.json; do
  [ -f "$seal" ] || continue
  folder=$(cd "$(dirname "$seal")" && pwd)
  # An artifact holds files; a link would lead out of it.
  if [ -n "$(find "$folder" -type l -print -quit)" ]; then say "What one of the jobs left holds links, and was not read."; continue; fi
  count=$((count + 1))
  status=$(field "$folder" status)
  if [ -f "$folder/fix.patch" ] && [ "$status" = verified ]; then
    why=$(refused "$folder/fix.patch" "$(field "$folder" commit)" "$(field "$folder" patch)")
    if [ -n "$why" ]; then say "The patch was not taken: $why."
    elif [ "$PULL_REQUEST" = true ]; then open_one "$folder"; fi
  fi
  quiet < "$folder/report.md" >> "$said"
  printf '\n\n' >> "$said"
done
if [ "$count" = 0 ]; then say "The job that was to make a patch left nothing: see its log."; fi
head -c 900000 "$said" >> "$GITHUB_STEP_SUMMARY"
printf 'url=%s\n' "$url" >> "$GITHUB_OUTPUT"
if [ "$COMMENT" = true ] && [ -n "$NUMBER" ]; then
  { echo '<!-- glm-skill -->'; short "$said"; } > "$work/comment.md"
  # One comment for a pull request, brought up to date by each run: the one that whoever speaks here has marked, not just their last.
  find_comment() { gh api graphql --paginate -f owner="${GITHUB_REPOSITORY%%/*}" -f name="${GITHUB_REPOSITORY#*/}" -F number="$NUMBER" -f query='
    query($owner: String!, $name: String!, $number: Int!, $endCursor: String) { repository(owner: $owner, name: $name) { pullRequest(number: $number) {
      comments(first: 100, after: $endCursor) { nodes { databaseId viewerDidAuthor body } pageInfo { hasNextPage endCursor } } } } }' \
    --jq '.data.repository.pullRequest.comments.nodes[] | select(.viewerDidAuthor and (.body | startswith("<!-- glm-skill -->"))) | .databaseId' 2> /dev/null; }
  # Where it cannot be looked for, there would soon be two.
  found=$(find_comment) || { sleep 2; found=$(find_comment); } || { sleep 5; found=$(find_comment); } || found=""
  comment=$(printf '%s\n' "$found" | tail -n 1 | tr -dc 0-9)
  { [ -n "$comment" ] && gh api --silent -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$comment" -F "body=@$work/comment.md"; } ||
    gh pr comment "$NUMBER" --repo "$GITHUB_REPOSITORY" --body-file "$work/comment.md" ||
    echo "::notice::The report could not be commented; it is in the summary."
fi
