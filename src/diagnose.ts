import { fixMessages } from './glm/prompt.ts';
import { observing, reportOf } from './find.ts';
import { needsKey } from './fix.ts';
import { openRoot } from './repo/root.ts';
import type { Deps } from './schema/deps.ts';
import { type ContextInput, type DiagnoseInput, defaults } from './schema/input.ts';
import type { Report } from './schema/report.ts';
