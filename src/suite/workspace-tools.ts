/** turbo and nx ask for a screen of their own, and leave a process behind that watches the files. */
export const quietTools = { NX_DAEMON: 'false', NX_TUI: 'false', TURBO_TELEMETRY_DISABLED: '1' };

/** A result that comes from their cache is no run, and turbo shows tasks no variable that it does not know. */
export const freshTools = { ...quietTools, TURBO_FORCE: 'true', TURBO_ENV_MODE: 'loose', NX_SKIP_NX_CACHE: 'true' };
