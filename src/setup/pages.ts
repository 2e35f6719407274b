import type { Variant } from '../schema/model.ts';
import { rootPage } from './skill-file.ts';
import { variantsPage } from './variants-page.ts';

/** The pages that are made from others, by path from the root of the package. The generator writes or checks them. */
export function generatedPages(
  skill: string,
  variants: readonly Variant[],
): readonly { readonly path: string; readonly content: string }[] {
  return [
    { path: 'SKILL.md', content: rootPage(skill) },
    { path: 'skills/glm-skill/references/variants.md', content: variantsPage(variants) },
  ];
}
