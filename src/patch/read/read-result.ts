import type { Edit, PlaceFailure, TamperFlag } from '../../schema/patch.ts';

/** What was found in an answer. With one problem the answer as a whole must not be used; flags are told to whoever reads the patch. */
export type Found = { readonly edits: Edit[]; readonly problems: PlaceFailure[]; readonly flags?: readonly TamperFlag[] };
