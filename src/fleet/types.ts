import type { Queue, Shelf, Task, TaskState } from '../jobs/queue.ts';
import type { BatchOptions, CauseResult, Looked, Member, RowResult, RowStatus } from '../schema/batch.ts';
import type { Wiring } from '../wiring.ts';
import type { List, Placed } from './list.ts';

/** What is told while a batch runs; a consumer that joins the parts has the whole. */
export type BatchEvent =
  | {
      readonly type: 'task';
      readonly line: number;
      readonly name: string;
      readonly doing: string;
      readonly state: TaskState['state'];
      readonly message: string;
    }
  | ({ readonly type: 'row' } & RowResult)
  | ({ readonly type: 'cause' } & CauseResult);

export type BatchRun = {
  readonly queue: Pick<Queue, 'add' | 'wait' | 'look' | 'forget'>;
  readonly shelf: Shelf;
  readonly wiring: Wiring;
  readonly signal: AbortSignal;
  readonly tell: (event: BatchEvent) => void;
};

export type BatchRequest = {
  readonly id: string;
  readonly list: List;
  readonly options: BatchOptions;
  readonly onlyFind: boolean;
  readonly maxCost: number | undefined;
  /** Whether a pull or merge request is opened for each patch, and its labels. */
  readonly open?: boolean | undefined;
  readonly labels?: readonly string[] | undefined;
};

export type Asker = {
  /** Adds tasks; what a broken-off run of the same batch has cancelled begins anew. */
  readonly add: (tasks: readonly Task[]) => Promise<void>;
  /** Waits for a task that was added, and tells what becomes of it. */
  readonly wait: (id: string, row: Placed, doing: string) => Promise<TaskState | undefined>;
  readonly ids: () => readonly string[];
};

/** A row that was looked at, or how the looking ended. */
export type Found = Placed & ({ readonly looked: Looked } | { readonly ended: TaskState | undefined });

/** A row that has a cause, and what became of it there. */
export type Case = { readonly row: Placed & { readonly looked: Looked }; readonly member: Member };
export type Came = {
  readonly status: RowStatus;
  readonly summary: string;
  readonly job?: string | undefined;
  readonly report?: string | undefined;
};

/** A root cause over all rows, and what became of each row that has it, by line. */
export type Mended = { readonly result: CauseResult; readonly came: ReadonlyMap<number, Came> };
