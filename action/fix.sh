#!/usr/bin/env bash
# Runs the fix and seals what came of it. The program is the action's own, started by its path.
set -u
# Tests can read what a process was started with, and this one waits for them: the key goes over a pipe, and we begin once more without it.
if [ -n "${RUNAPI_API_KEY:-}" ]; then
  exec 9< <(printf '%s' "$RUNAPI_API_KEY") || exit 1
  exec env -u RUNAPI_API_KEY KEY_PIPED=1 bash "$0"
fi
cli="$ACTION/dist/cli.mjs"
# The program itself and not what a version manager would choose for the checkout.
node=$(cd "$RUNNER_TEMP" && node -p process.execPath)
out=$(mktemp -d "$RUNNER_TEMP/glm-skill-XXXXXXXX")
args=("$ROOT" --json "--ci=$out")
add() { if [ -n "$2" ]; then args+=("$1=$2"); fi; }
add --command "$COMMAND"
add --test "$TEST"
add --variant "$VARIANT"
add --attempts "$ATTEMPTS"
add --max-cost "$MAX_COST"
add --timeout "$TIMEOUT"
add --language "$LANGUAGE"

# What the runner reads after a step, and what speaks for the workflow, is out of the tests' reach.
unset_names=()
for name in GITHUB_ENV GITHUB_OUTPUT GITHUB_PATH GITHUB_STATE GITHUB_STEP_SUMMARY ACTIONS_RUNTIME_TOKEN ACTIONS_RESULTS_URL ACTIONS_CACHE_URL \
  ACTIONS_ID_TOKEN_REQUEST_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL KEY_PIPED; do unset_names+=(-u "$name"); done

# Takes the key out of the pipe, so that nobody finds it there.
run_fix() (
  if [ -n "${KEY_PIPED:-}" ]; then
    IFS= read -r -d '' RUNAPI_API_KEY <&9
    exec 9<&-
    export RUNAPI_API_KEY
  fi
  exec env "${unset_names[@]}" "$node" "$cli" fix "${args[@]}"
)
code=0
run_fix > "$out/said.json" &
fix=$!
# Who ends this step ends the run with it, which then leaves nothing behind.
trap 'kill -TERM "$fix" 2> /dev/null' TERM INT
wait "$fix" || code=$?
while kill -0 "$fix" 2> /dev/null; do wait "$fix" || code=$?; done
exec 9<&-
read_field() { node -e 'let r;try{r=JSON.parse(require("fs").readFileSync(process.argv[1],"utf8"))}catch{r={}};const v=process.argv[2].split(".").reduce((o,k)=>o?.[k],r);process.stdout.write(typeof v==="string"?v:"")' "$out/said.json" "$1"; }
status=$(read_field status | tr -dc 'a-z_')
job=$(read_field job | tr -dc 'a-z0-9')
if [ -z "$status" ]; then
  status=not_run
  printf 'glm-skill could not run the fix (exit code %s): %s\n' "$code" "$(read_field error.message)" > "$out/report.md"
  echo "::error::glm-skill could not run the fix (exit code $code); see the log above."
else
  [ -s "$out/report.md" ] || read_field summary > "$out/report.md"
  # Every line of it is one command of ours: what tests say stands escaped within.
  if [ "$ANNOTATE" != false ] && [ -f "$out/annotations.txt" ]; then cat "$out/annotations.txt"; fi
fi
if [ "$status" = verified ]; then read_field patch.diff > "$out/fix.patch"; else rm -f "$out/fix.patch"; fi
# Two red jobs with the same failing test have one cause, and get one branch.
cause=$(read_field failing.id | sha256sum | cut -c1-12)
patch=$([ -f "$out/fix.patch" ] && sha256sum < "$out/fix.patch" | cut -c1-64 || true)
printf '{"version":1,"status":"%s","commit":"%s","cause":"%s","patch":"%s"}\n' "$status" "$COMMIT" "$cause" "$patch" > "$out/seal.json"
rm -f "$out/said.json"
head -c 900000 "$out/report.md" >> "$GITHUB_STEP_SUMMARY"
printf 'status=%s\njob=%s\nsealed=%s\nsarif=%s\n' "$status" "$job" "$out" "$([ -f "$out/report.sarif" ] && echo "$out/report.sarif")" >> "$GITHUB_OUTPUT"
if [ "$status" = not_run ]; then exit 1; fi
