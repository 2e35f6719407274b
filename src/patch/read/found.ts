import type { Edit, PlaceFailure } from '../../schema/patch.ts';

/** What was found in an answer. With one problem the answer as a whole must not be used. */
export type Found = { readonly edits: Edit[]; readonly problems: PlaceFailure[] };
