import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linkModules } from '../../repo/dependencies.ts';
import { listFiles } from '../../suite/list-files.ts';

const environments = ['.venv', 'venv'];

/** Whether a folder holds installed packages that a laid-out bug could use. */
export function hasInstalled(root: string): boolean {
  return ['node_modules', ...environments].some((name) => existsSync(join(root, name)));
}

/**
 * Gives a laid-out bug what is installed in `source`: a link per package, so that what is written beside them stays in the bug; links to
 * packages of the repository lead into the bug. What was made, relative to the bug; nothing where there was nothing to link.
 */
export function linkInstalled(source: string, path: string): string[] {
  const packages = listFiles(path)
    .filter((file) => file === 'package.json' || file.endsWith('/package.json'))
    .map((file) => dirname(file));
  const made: string[] = [];
  for (const folder of packages) {
    const at = folder === '.' ? 'node_modules' : `${folder}/node_modules`;
    if (!existsSync(join(source, at)) || existsSync(join(path, at))) continue;
    const { links, files } = linkModules(source, at, path);
    mkdirSync(join(path, at), { recursive: true });
    for (const one of links) {
      mkdirSync(dirname(join(path, one.path)), { recursive: true });
      symlinkSync(one.target, join(path, one.path));
    }
    for (const file of files) {
      // pnpm keeps files beside the packages, such as those in .bin, where npm keeps links.
      mkdirSync(dirname(join(path, file)), { recursive: true });
      copyFileSync(join(source, file), join(path, file));
    }
    made.push(at);
  }
  for (const name of environments) {
    if (!existsSync(join(source, name, 'pyvenv.cfg')) || existsSync(join(path, name))) continue;
    symlinkSync(join(source, name), join(path, name));
    made.push(name);
  }
  return made;
}
