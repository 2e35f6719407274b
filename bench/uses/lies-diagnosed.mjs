import { red } from './little.mjs';

export const long = {
  en: 'The sum leaves out how many there are of each item, so that every item counts once and the total of the cart is too small. '.repeat(
    4,
  ),
  de: 'Die Summe lässt weg, wie viele es von jedem Stück gibt, und so wird jedes Stück nur einmal gezählt, was nicht richtig ist. '.repeat(
    4,
  ),
  fr: 'La somme ne tient pas compte du nombre de pièces, et le total est donc trop petit pour les articles qui sont dans le panier. '.repeat(
    4,
  ),
  pl: 'Suma pomija liczbę sztuk, więc każda pozycja jest liczona tylko raz, a wynik koszyka jest za mały dla wszystkich klientów sklepu. '.repeat(
    4,
  ),
  vi: 'Tổng bỏ qua số lượng của từng mặt hàng, vì vậy mỗi mặt hàng chỉ được tính một lần và tổng của giỏ hàng quá nhỏ so với thực tế. '.repeat(
    4,
  ),
  ko: '합계가 각 품목의 수량을 빼먹어서 모든 품목이 한 번만 계산됩니다. 그래서 장바구니 합계가 너무 작습니다. '.repeat(8),
  ja: '合計は各商品の数量を無視しているため、どの商品も一度しか数えられず、カートの合計が小さくなりすぎます。'.repeat(8),
  'zh-Hant': '總和漏掉了每件商品的數量，所以每件商品只計算一次，購物車的總額太小，這個迴圈應該乘以數量。'.repeat(8),
  'zh-Hans': '总和漏掉了每件商品的数量，所以每件商品只计算一次，购物车的总额太小，这个循环应该乘以数量。'.repeat(8),
  ru: 'Сумма не учитывает количество каждого товара, поэтому каждый товар считается один раз, и итог корзины слишком мал. '.repeat(4),
};
export const headed = (heading, where, text) => `## ${heading}\n${where}\n${text}\n`;
export const good = 'Where: src/price.js:3';
const diagnosed_ = ({ report }) => report.status === 'diagnosed';
export const clean = (came) =>
  diagnosed_(came) && !/does not hold/.test(came.report.summary) && !came.report.warnings.some((one) => /not in |Chinese/.test(one));
export const marked = (why) => (came) => {
  const { summary = '', warnings = [], rootCause } = came.report;
  return diagnosed_(came) && /does not hold/.test(`${summary}${rootCause?.why ?? ''}`) && (warnings.find((one) => why.test(one)) ?? false);
};
export const row = (what, reply, caught, args = []) => ({ what, files: red, args, replies: [reply], caught });

const honest = (language) =>
  row(
    `honest, long, in ${language}`,
    headed('Root cause', good, long[language]),
    (came) => clean(came) && came.report.rootCause.startLine === 3 && 'no warning',
    ['--language', language],
  );
const other = (asked, came) =>
  row(
    `${asked} asked, ${came} came`,
    headed('Root cause', good, long[came]),
    ({ report }) =>
      /another language/.test(report.summary) ? report.summary : (report.warnings.find((one) => /not in /.test(one)) ?? false),
    ['--language', asked],
  );
const translated = (language, heading, label) =>
  row(
    `heading in ${language}: ${heading}`,
    headed(heading, `${label}src/price.js:3`, long[language]),
    ({ report: { status, rootCause } }) =>
      status === 'diagnosed' &&
      rootCause.file === 'src/price.js' &&
      rootCause.startLine === 3 &&
      !rootCause.summary.includes(heading) &&
      rootCause.summary,
    ['--language', language],
  );

export const diagnosed = [
  ...['en', 'de', 'pl', 'vi', 'ko', 'ja', 'zh-Hant', 'zh-Hans', 'ru'].map(honest),
  ...[
    ['ko', 'en'],
    ['ja', 'en'],
    ['ja', 'zh-Hans'],
    ['zh-Hans', 'ja'],
    ['zh-Hant', 'zh-Hans'],
    ['zh-Hans', 'zh-Hant'],
    ['de', 'fr'],
    ['fr', 'en'],
    ['pl', 'en'],
    ['vi', 'en'],
    ['sv', 'de'],
    ['en', 'ru'],
    ['en', 'ko'],
    ['en', 'pl'],
    ['en', 'zh-Hans'],
    ['uk', 'en'],
  ].map(([asked, came]) => other(asked, came)),
  ...[
    ['de', 'Ursache', 'Wo: '],
    ['fr', 'Cause première', 'Où : '],
    ['ko', '근본 원인', '위치: '],
    ['ja', '根本原因', '場所：'],
    ['zh-Hans', '根本原因', '位置：'],
    ['ru', 'Первопричина', 'Где: '],
  ].map(([language, heading, label]) => translated(language, heading, label)),
  row('file that does not exist', headed('Root cause', 'Where: src/cost.js:3', long.en), marked(/src\/cost\.js/)),
  row('line beyond the end', headed('Root cause', 'Where: src/price.js:300', long.en), marked(/has \d+ lines/)),
  row('range that ends beyond the end', headed('Root cause', 'Where: src/price.js:3-900', long.en), marked(/has \d+ lines/)),
  row('file that was not sent', headed('Root cause', 'Where: docs/returns.md:3', long.en), marked(/not sent/)),
  row('place in the prose alone', headed('Root cause', '', `The fault is in src/nowhere.js:3. ${long.en}`), marked(/nowhere/)),
  row('second place that does not exist', headed('Root cause', good, `${long.en} It is called from src/ghost.js:9.`), marked(/ghost/)),
  row('second place beyond the end', headed('Root cause', good, `${long.en} It goes on in src/price.js:400-410.`), marked(/400|lines/)),
  row('absolute place outside', headed('Root cause', 'Where: /etc/passwd:1', long.en), marked(/passwd/)),
  row('says nothing', 'I cannot tell.', ({ report }) => report.warnings.find((one) => /names no place/.test(one)) ?? false),
  row(
    'only a patch',
    '## Edits\nsrc/price.js\n<<<<<<< SEARCH\nlet sum = 0;\n=======\nlet sum = 1;\n>>>>>>> REPLACE\n',
    ({ code, report }) => code === 1 && report.summary,
  ),
];
