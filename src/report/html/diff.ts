import { html as renderDiff } from 'diff2html';
import { neutralise } from '../../safety/text.ts';
import { html, type Markup, trusted } from './markup.ts';

/** What is drawn side by side; a longer diff is shown as it stands, because every line of the drawing costs some 400 bytes. */
const mostLines = 400;

/** The diff side by side. diff2html escapes what it shows. */
export function drawDiff(diff: string): Markup {
  const text = neutralise(diff);
  if (text.split('\n').length > mostLines) return html`<pre class="diff" tabindex="0">${text}</pre>`;
  const drawn = renderDiff(text, { outputFormat: 'side-by-side', drawFileList: false, matching: 'words' });
  return html`<div class="scroll" tabindex="0">${trusted(withoutBoxes(drawn))}</div>`;
}

/** Without the tick boxes of a review page, which do nothing here. */
function withoutBoxes(drawn: string): string {
  return drawn.replace(/<label class="d2h-file-collapse">[\s\S]*?<\/label>/g, '');
}
