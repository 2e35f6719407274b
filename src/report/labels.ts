import ar from './labels/ar.json' with { type: 'json' };
import de from './labels/de.json' with { type: 'json' };
import en from './labels/en.json' with { type: 'json' };
import es from './labels/es.json' with { type: 'json' };
import fr from './labels/fr.json' with { type: 'json' };
import ko from './labels/ko.json' with { type: 'json' };
import pt from './labels/pt.json' with { type: 'json' };
import tr from './labels/tr.json' with { type: 'json' };
import zhHans from './labels/zh-Hans.json' with { type: 'json' };
import zhHant from './labels/zh-Hant.json' with { type: 'json' };

/** The words of a Markdown report that are not data. Statuses, verdicts, ids, paths and code are never translated. */
export type Labels = Readonly<Record<keyof typeof en, string>>;

const translated: Readonly<Record<string, Labels>> = { ar, de, es, fr, ko, pt, tr, 'zh-Hans': zhHans, 'zh-Hant': zhHant };

/** The labels for a language tag ("ko", "zh-TW", "pt-BR"). A language without labels gets the English ones. */
export function labelsFor(tag: string | undefined): Labels {
  return translated[languageOf(tag)] ?? en;
}

/** Makes a Markdown report in a right-to-left language readable: each line runs from the right, code and paths in it from the left. */
export function turnAround(markdown: string, tag: string | undefined): string {
  if (!['ar', 'fa', 'he', 'ur'].includes(languageOf(tag))) return markdown;
  let fence = '';
  const lines = markdown.split('\n').map((line) => {
    const ticks = /^(`{3,})[^`]*$/.exec(line)?.[1] ?? '';
    if (fence === '' && ticks !== '') fence = ticks;
    else if (fence !== '' && line === fence) fence = '';
    else if (fence === '' && line !== '') return isolate(line);
    return line;
  });
  return lines.join('\n');
}

/** A right-to-left mark behind the list or heading sign, and isolates around each piece of code. */
function isolate(line: string): string {
  const [, sign = '', rest = ''] = /^(\s*(?:#{1,6} |[-*>] |\d+\. )?)(.*)$/s.exec(line) ?? [];
  return `${sign}\u200F${rest.replace(/(`+)(?!`).+?(?<!`)\1(?!`)/g, '\u2066$&\u2069')}`;
}

/** The language of a tag, and for Chinese the script. */
function languageOf(tag: string | undefined): string {
  try {
    const { language, script } = new Intl.Locale(tag || 'en').maximize();
    return language === 'zh' ? `zh-${script}` : language;
  } catch {
    return 'en';
  }
}
