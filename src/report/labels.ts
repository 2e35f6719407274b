/** The words of a Markdown report that are not data. Statuses, verdicts, ids, paths and code are never translated. */
export type Labels = Readonly<Record<keyof typeof english, string>>;

const english = {
  failingTest: 'Failing test',
  causes: 'Causes',
  rootCause: 'Root cause',
  patch: 'Patch',
  proof: 'Proof',
  attempts: 'Attempts',
  suspects: 'Suspects',
  context: 'Context',
  excerpts: 'Excerpts',
  estimate: 'Estimate',
  tests: 'Tests',
  warnings: 'Warnings',
  next: 'Next',
  before: 'before',
  after: 'after',
  expected: 'expected',
  actual: 'actual',
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  newFailures: 'new failures',
  notCollected: 'no longer collected',
  newSkips: 'new skips',
  rerun: 'Re-run',
  readElsewhere: 'Read from a report made elsewhere; nothing was run here.',
  leftOut: 'files left out',
  wholePack: 'The whole pack',
  refused: 'refused',
  notPlaced: 'not placed',
  costUnknown: 'cost unknown',
} as const;

const korean: Labels = {
  failingTest: '실패한 테스트',
  causes: '원인별 묶음',
  rootCause: '근본 원인',
  patch: '패치',
  proof: '증명',
  attempts: '시도',
  suspects: '의심 위치',
  context: '보낸 컨텍스트',
  excerpts: '발췌',
  estimate: '예상 비용',
  tests: '테스트 실행',
  warnings: '경고',
  next: '다음 단계',
  before: '적용 전',
  after: '적용 후',
  expected: '기대값',
  actual: '실제값',
  passed: '통과',
  failed: '실패',
  skipped: '건너뜀',
  newFailures: '새로운 실패',
  notCollected: '더 이상 수집되지 않음',
  newSkips: '새로 건너뜀',
  rerun: '재실행',
  readElsewhere: '다른 곳에서 만든 보고서를 읽었습니다. 여기서는 아무것도 실행하지 않았습니다.',
  leftOut: '제외된 파일',
  wholePack: '전체 묶음',
  refused: '거부됨',
  notPlaced: '적용 위치를 찾지 못함',
  costUnknown: '비용 알 수 없음',
};

const traditionalChinese: Labels = {
  failingTest: '失敗的測試',
  causes: '失敗原因',
  rootCause: '根本原因',
  patch: '修補',
  proof: '驗證',
  attempts: '嘗試',
  suspects: '可疑位置',
  context: '送出的內容',
  excerpts: '節錄',
  estimate: '費用估算',
  tests: '測試執行',
  warnings: '警告',
  next: '下一步',
  before: '修補前',
  after: '修補後',
  expected: '預期',
  actual: '實際',
  passed: '通過',
  failed: '失敗',
  skipped: '略過',
  newFailures: '新增失敗',
  notCollected: '不再被收集',
  newSkips: '新增略過',
  rerun: '重新執行',
  readElsewhere: '讀自他處產生的報告；此處未執行任何測試。',
  leftOut: '未送出的檔案',
  wholePack: '完整內容',
  refused: '已拒絕',
  notPlaced: '無法套用',
  costUnknown: '費用未知',
};

const turkish: Labels = {
  failingTest: 'Başarısız test',
  causes: 'Nedenler',
  rootCause: 'Kök neden',
  patch: 'Yama',
  proof: 'Kanıt',
  attempts: 'Denemeler',
  suspects: 'Şüpheli yerler',
  context: 'Gönderilen bağlam',
  excerpts: 'Alıntılar',
  estimate: 'Tahmini maliyet',
  tests: 'Test çalıştırması',
  warnings: 'Uyarılar',
  next: 'Sonraki adımlar',
  before: 'önce',
  after: 'sonra',
  expected: 'beklenen',
  actual: 'gerçekleşen',
  passed: 'başarılı',
  failed: 'başarısız',
  skipped: 'atlanan',
  newFailures: 'yeni başarısızlık',
  notCollected: 'artık toplanmayan',
  newSkips: 'yeni atlanan',
  rerun: 'Yeniden çalıştırma',
  readElsewhere: 'Başka yerde üretilmiş bir rapordan okundu; burada hiçbir şey çalıştırılmadı.',
  leftOut: 'dışarıda bırakılan dosya',
  wholePack: 'Paketin tamamı',
  refused: 'reddedildi',
  notPlaced: 'yerleştirilemedi',
  costUnknown: 'maliyet bilinmiyor',
};

const arabic: Labels = {
  failingTest: 'الاختبار الفاشل',
  causes: 'الأسباب',
  rootCause: 'السبب الجذري',
  patch: 'التصحيح',
  proof: 'الإثبات',
  attempts: 'المحاولات',
  suspects: 'المواضع المشتبه بها',
  context: 'السياق المُرسَل',
  excerpts: 'مقتطفات',
  estimate: 'التكلفة المقدَّرة',
  tests: 'تشغيل الاختبارات',
  warnings: 'تحذيرات',
  next: 'الخطوات التالية',
  before: 'قبل',
  after: 'بعد',
  expected: 'المتوقَّع',
  actual: 'الفعلي',
  passed: 'ناجح',
  failed: 'فاشل',
  skipped: 'متجاوَز',
  newFailures: 'إخفاقات جديدة',
  notCollected: 'لم تعد تُجمَع',
  newSkips: 'تجاوزات جديدة',
  rerun: 'إعادة التشغيل',
  readElsewhere: 'قُرئ من تقرير أُنشئ في مكان آخر؛ لم يُشغَّل شيء هنا.',
  leftOut: 'ملفات لم تُرسَل',
  wholePack: 'الحزمة الكاملة',
  refused: 'مرفوض',
  notPlaced: 'تعذّر تطبيقه',
  costUnknown: 'التكلفة غير معروفة',
};

const portuguese: Labels = {
  failingTest: 'Teste com falha',
  causes: 'Causas',
  rootCause: 'Causa raiz',
  patch: 'Correção',
  proof: 'Prova',
  attempts: 'Tentativas',
  suspects: 'Suspeitos',
  context: 'Contexto enviado',
  excerpts: 'Trechos',
  estimate: 'Custo estimado',
  tests: 'Execução dos testes',
  warnings: 'Avisos',
  next: 'Próximos passos',
  before: 'antes',
  after: 'depois',
  expected: 'esperado',
  actual: 'obtido',
  passed: 'passaram',
  failed: 'falharam',
  skipped: 'ignorados',
  newFailures: 'novas falhas',
  notCollected: 'não mais coletados',
  newSkips: 'novos ignorados',
  rerun: 'Nova execução',
  readElsewhere: 'Lido de um relatório feito em outro lugar; nada foi executado aqui.',
  leftOut: 'arquivos não enviados',
  wholePack: 'O pacote completo',
  refused: 'recusado',
  notPlaced: 'não aplicado',
  costUnknown: 'custo desconhecido',
};

/** The labels for a language tag ("ko", "zh-TW", "pt-BR"). A language without labels gets the English ones. */
export function labelsFor(tag: string | undefined): Labels {
  switch (languageOf(tag)) {
    case 'ko':
      return korean;
    case 'zh-Hant':
      return traditionalChinese;
    case 'tr':
      return turkish;
    case 'ar':
      return arabic;
    case 'pt':
      return portuguese;
    default:
      return english;
  }
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

/** The language of a tag, and for Chinese the script: only the traditional one has labels. */
function languageOf(tag: string | undefined): string {
  try {
    const { language, script } = new Intl.Locale(tag || 'en').maximize();
    return language === 'zh' ? `zh-${script}` : language;
  } catch {
    return 'en';
  }
}
