import { observing, reportOf } from './find.ts';
import { openRoot } from './repo/root.ts';
import type { Deps } from './schema/deps.ts';
import { type ContextInput, type DiagnoseInput, defaults } from './schema/input.ts';
import type { Report } from './schema/report.ts';
import { askOnce } from './stages/ask.ts';
import { diagnose as rankAndPack } from './stages/diagnose.ts';
import { observe } from './stages/observe.ts';
import { needsKey, priced } from './stages/price.ts';
