/**
 * `calm`: what stands in the next lines of the new file that takes the suspicion away. `asked`: what a line may keep under a name, so that
 * another line can decide by it.
 */
export type Sign = {
  readonly flag: string;
  readonly message: string;
  readonly pattern: RegExp;
  readonly calm?: RegExp;
  readonly asked?: RegExp;
  /** Said of code alone: tests do it by right. */
  readonly code?: boolean;
};

/** What differs between one run and another: the environment, the arguments, the folder. */
const given = String.raw`\bprocess\.(?:env|argv0?|execArgv|title|uptime|cwd|ppid)\b|\bos\.(?:environ|getenv|getcwd|getppid|Getenv|LookupEnv|Args|Getwd)\b|\bsys\.(?:argv|orig_argv|modules|flags|executable)\b|\bprocess\.(?:report|getActiveResourcesInfo|listenerCount|listeners|rawListeners|eventNames|binding|_linkedBinding|channel|connected)\b|\binspector\.url\(|\bcurrentTestName\b|\bdebug\.ReadBuildInfo\(|\bsys\._xoptions\b|\b__vitest_\w+|\bisMainThread\b|\bthreadId\b|\.(?:mtime|ctime|atime|birthtime)(?:Ms)?\b|\.st_[mca]time\b|\bos\.path\.get[mca]time\(`;
/** What honest code reads as well; suspicious where a line decides by it. */
const read = String.raw`\bimport\.meta\.(?:url|dirname|filename|env)\b|\b__(?:dirname|filename|file__)\b|\bDate\.now\(|\bnew Date\(\)|\bperformance\.(?:now|timeOrigin)\b|\btime\.(?:time|monotonic|perf_counter|process_time)(?:_ns)?\(|\b(?:datetime|date)\.(?:now|today|utcnow)\(|\btime\.(?:Now|Since)\(|\bprocess\.(?:hrtime|memoryUsage|cpuUsage|resourceUsage|pid)\b|\bos\.(?:getpid|Getpid|hostname|Hostname|userInfo|Executable)\(|\bplatform\.node\(|\bgethostname\(`;
/** The trace of an error; a member of that name that is used as a list is a list. */
const trace = String.raw`(?<!\bthis)\.stack\b(?!\s*(?:\??\.(?:push|pop|shift|at|slice|splice|concat|forEach|map|reverse)\b|\[|=(?!=)|\())`;
const decides = String.raw`\b(?:if|in|switch|while)\b|\s\?|&&|\|\||[=!<>]=|\s[<>]\s|\b(?:test|some|match|includes|indexOf|search|startswith|endswith|startsWith|endsWith)\(`;
/** Does a line choose by something? */
export const choosing = new RegExp(decides);

/** What a line smells of that was added to code. Each has honest uses. */
export const signs: readonly Sign[] = [
  {
    flag: 'skip_added',
    message: 'a test is skipped, or is the only one to run',
    pattern:
      /\b(?:it|test|describe|context|suite)(?:\.\w+(?:\([^)]*\))?)*\.(?:skip|skipIf|runIf|todo|only|fails|failing)\b|\b(?:xit|xdescribe|xtest|fdescribe|fit)\s*\(|\b(?:skip|todo):\s*(?:true|['"`])|\bpytest\.mark\.(?:skip|xfail)|\bcollect_ignore\b|^\s*#\[ignore\b|^\s*@(?:Disabled|Ignore)\b|^\s*\[(?:Ignore|Fact\(Skip)\b|\bmarkTest(?:Skipped|Incomplete)\(|^\s*(?:pending|skip)(?:\s+['"]|\(['"])|\bpytest\.(?:skip|xfail|importorskip)\s*\(|@unittest\.(?:skip|expectedFailure)|\bSkipTest\b|\bself\.skipTest\(|\b[tb]\.Skip(?:f|Now)?\(|\b(?:this|t|ctx|context)\.skip\(/,
  },
  {
    flag: 'sleep_added',
    message: 'the program waits for a fixed time',
    pattern:
      /\btime\.[sS]leep\(|\bawait (?:delay|wait|pause)\(\s*\d|\basyncio\.sleep\(|\bsetTimeout\(\s*(?:resolve|r|done|res)\b|\bsleep\(\s*\d|\bThread\.sleep\(|\bAtomics\.wait\(/,
  },
  {
    flag: 'catch_all',
    message: 'every error is swallowed',
    pattern:
      /\bcatch\s*(?:\([^)]*\))?\s*\{\s*(?:\/\/.*|\/\*.*\*\/)?\s*\}?|^\s*except(?:\s+\(?(?:Base)?Exception\)?)?(?:\s+as\s+\w+)?\s*:|\.catch\(\s*\(?\w*\)?\s*=>\s*(?:\{\s*\}|undefined|null|void 0)\s*\)|\bsuppress\((?:Base)?Exception\)|^\s*rescue(?:\s+(?:StandardError|Exception))?(?:\s*=>\s*\w+)?\s*$|\.catch\(\s*(?:noop|_\.noop|Function\.prototype)\s*\)|\bprocess\.(?:on|once|addListener|prepend(?:Once)?Listener)\(['"](?:uncaughtException(?:Monitor)?|unhandledRejection|rejectionHandled)['"]|\bsetUncaughtExceptionCaptureCallback\(|\brecover\(\)/,
    calm: /\b(?:throw|raise|reject|panic|rethrow)\b|\b(?:next|done|callback|cb)\(\w+\)/,
  },
  {
    flag: 'test_detection',
    message: 'the code asks whether tests are running',
    pattern:
      /\bNODE_ENV\b.{0,12}['"]test['"]|['"]test['"].{0,20}\bNODE_ENV\b|\bNODE_ENV\b[^=]*\}\s*=\s*process\.env|\bsys\.argv\b.{0,20}['"]\w*test|['"]\w*test\w*['"].{0,8}\bin sys\.argv|\b(?:global|globalThis)\.(?:it|test|describe|expect|jest|__vitest_\w+)\b|\bcfg!\(test\)|\bprocess\.env(?:\.|\[['"])(?:VITEST|JEST_WORKER_ID|NODE_TEST_CONTEXT|MOCHA_\w+|CI|AVA_PATH|TEST)\b|\benviron\b.{0,8}['"](?:CI|PYTEST_\w+|TOX_\w+|TEST\w*)['"]|\bGetenv\(['"](?:CI|TEST\w*)['"]\)|\bimport\.meta\.(?:vitest|env\.MODE)\b|\bPYTEST_(?:CURRENT_TEST|VERSION)\b|['"](?:pytest|unittest)['"]\s+in\s+sys\.modules|\btypeof\s+(?:describe|it|jest|vi|expect|test)\b|\btesting\.Testing\(\)|\bflag\.Lookup\(['"]test\.|os\.Args\[0\].*\.test|\b(?:argv|execArgv)\b.*\b(?:test|jest|mocha|vitest|pytest)/,
  },
  {
    flag: 'surroundings_asked',
    message: 'the code asks where, when or how it runs',
    pattern: new RegExp(`${given}|^(?=.*(?:${decides})).*(?:${read})`),
    asked: new RegExp(read),
  },
  {
    flag: 'caller_asked',
    message: 'the code asks who calls it',
    pattern:
      /\bError\([^)]*\)\.stack\b|\{[^}]*\bstack\b[^}]*\}\s*=(?!=)|\b(?:inspect|format|String|structuredClone)\((?:['"`][^'"`]*['"`],\s*)?(?:new )?Error\(|\b[\w$]+\.caller\b(?!\s*[=(:])|\bError\.captureStackTrace\b|\binspect\.(?:stack|currentframe|getouterframes)\(|\bsys\._getframe(?:modulename)?\(|\btraceback\.(?:extract|format)_stack\(|\bruntime\.Callers?\(|(?<!\bthis)\.stack\b.*\.(?:split|includes|match|indexOf|test|length)\b|\barguments\.callee\b|\bmodule\.(?:parent|children)\b|\brequire\.main\.|\bprocess\.mainModule\b|\bError\.prepareStackTrace\b|\bsys\._current_frames\(|\btraceback\.walk_(?:stack|tb)\(|\.findCaller\(|\btb_frame\b|\bf_back\b|\bgetCallSites?\(|\bdebug\.(?:Stack|PrintStack)\(|\bexecutionAsync(?:Resource|Id)\(|\bcreateHook\(/,
    asked: new RegExp(trace),
  },
  {
    flag: 'test_library',
    message: 'the code reaches into a test library or into what all code shares',
    pattern:
      /\b(?:assert|expect|chai|sinon|should|jest|vi)(?:\.\w+)*\.\w+\s*=(?!=)|\bexpect\.extend\(|\bjest\.setTimeout\(|\bsys\.modules\[[^\]]+\]\s*=(?!=)|^\s*(?:Date\.now|Math\.random|console\.\w+)\s*=(?!=)|\b(?:globalThis|global|builtins|__builtins__)(?:\.\w+|\[[^\]]+\])\s*=(?!=)|\b(?:setattr|patch|patch\.object)\(\s*['"]?(?:unittest|pytest|_pytest|builtins|operator)\b|\b(?:unittest|_?pytest)(?:\.\w+)+\s*=(?!=)|^\s*(?:import|from)\s+(?:unittest|_?pytest|nose|hypothesis)\b|\bfrom\s+['"](?:vitest|@jest\/globals|jest|mocha|chai|node:test|ava|tape|tap|sinon)['"]|\brequire\(['"](?:vitest|jest|mocha|chai|node:test|ava|tape|tap|sinon)['"]\)|\b(?:Object|Array|String|Number|Boolean|BigInt|Symbol|Function|Error|RegExp|Promise|Map|Set|Date)\.prototype(?:\.\w+|\[[^\]]+\])\s*=(?!=)|\b(?:defineProperty|defineProperties|assign|setPrototypeOf)\(\s*(?:Object|Array|String|Number|Boolean|BigInt|Symbol|Function|Error|RegExp|Promise|Map|Set|Date|JSON|Math|Reflect)(?:\.prototype)?\s*,|\b__define[GS]etter__\(|\bObject\.(?:is|keys|entries)\s*=(?!=)|\b(?:__import__|import_module)\(\s*['"](?:unittest|_?pytest|nose)\b|\bprocess\.(?!exitCode\b|title\b|env\b)\w+(?:\.\w+)*\s*=(?!=)|\bsys\.(?:settrace|setprofile|monitoring|meta_path|path_hooks|excepthook|unraisablehook)\b|\bthreading\.(?:settrace|setprofile)\b|\bctypes\b/,
  },
  {
    flag: 'test_library',
    message: 'the code speaks to the runner of its tests',
    code: true,
    pattern:
      /(?<![.\w$])(?:before|after)(?:Each|All)\s*\(|(?<![.\w$])(?:before|after)\(\s*(?:async\b|function\b|\()|(?<![.\w$])(?:it|test|describe|specify|context|suite)(?:\.\w+)?\(\s*['"`]|(?<![.\w$])(?:jest|vi)\.\w+\(|(?<![.\w$])expect(?:\.\w+)*\.(?:extend|add\w+|[gs]etState|assertions|any|anything)\(|\bcurrentTest\b|\bgetCurrent(?:Test|Suite)\b|\bfrom\s+['"](?:vitest|@vitest|@jest|jest-\w+|mocha|chai|expect|jasmine|ava|tap)\/|\brequire\(['"](?:@vitest|@jest|jest-\w+|mocha|chai|expect|jasmine|ava|tap)(?:\/|['"])|^\s*def pytest_\w+\(/,
  },
  {
    flag: 'loading_changed',
    message: 'the code reaches into how modules are found and loaded',
    pattern:
      /\brequire\.(?:cache|extensions)\b|\b_(?:cache|extensions|load|resolveFilename|compile|pathCache|initPaths)\b(?=.*\b[mM]odule)|\b[mM]odule(?:\.\w+)*\._(?:cache|extensions|load|resolveFilename|compile|pathCache|initPaths)\b|\bregisterHooks\(|\bsys\.path\.(?:insert|append|extend)\(|\bsys\.path(?:\[[^\]]*\])?\s*\+?=(?!=)|\b__path__\b/,
  },
  {
    flag: 'computed_import',
    message: 'a module is loaded by a name that is worked out',
    pattern:
      /(?<![.\w])(?:require|import|__import__)\(\s*(?!['"`)\s])|(?<![.\w])(?:require|import)\(\s*`[^`]*\$\{|\bimport_module\(\s*(?!['"\s])/,
  },
  {
    flag: 'globals_asked',
    message: 'the code asks what else is loaded',
    pattern:
      /\b(?:keys|getOwnPropertyNames|getOwnPropertySymbols|getOwnPropertyDescriptors?|entries|ownKeys|has|get)\(\s*(?:globalThis|global|window|self)\b|\bin\s+(?:globalThis|global|window)\b|\b(?:globalThis|global|window)\s*\??\.?\[|\bglobals\(\)|\bvars\(\s*(?:sys|builtins|__builtins__)|\bgc\.get_\w+\(/,
  },
  {
    flag: 'code_made',
    message: 'code is made of text while it runs',
    pattern:
      /(?<![.\w])eval\(|\.constructor\(\s*['"`]|\binspector\b.*\b(?:Session|post)\b|['"`](?:node:)?inspector(?:\/promises)?['"`]|\bsetFlagsFromString\(|\(0,\s*eval\)|\bFunction\(\s*['"`]|\bvm\.(?:run\w+|Script|compileFunction)\b|(?<![.\w])exec\(|(?<![.\w])compile\(\s*['"]/,
  },
  {
    flag: 'hidden_name',
    message: 'a name is put together from pieces',
    pattern:
      /\[\s*(['"`])[\w$:-]*\1\s*\+\s*['"`]|\b(?:getattr|setattr|import_module|__import__|import|require|Reflect\.\w+|Symbol\.for)\([^()]*?(['"`])[\w$:-]+\2\s*\+\s*['"`]|\[\s*\[[^\]]*\]\.join\(|\bimport\(\s*\[/,
  },
  {
    flag: 'equal_to_all',
    message: 'a value says that it is equal to others',
    pattern:
      /\bdef __(?:eq|ne|hash|bool)__\b|['"]__(?:eq|ne|bool)__['"]|\b__(?:eq|ne|bool)__\s*=(?!=)|\bfunc \(.*\) Equal\(|\bSymbol\.(?:toPrimitive|hasInstance)\b|\bnew Proxy\(|\bdef __(?:instancecheck|subclasscheck|subclasshook)__\b|\b__class__\s*=(?!=)|\bmock\.ANY\b|\basymmetricMatch\b|\bboolean equals\(Object/,
  },
  {
    flag: 'digest_compared',
    message: 'the code decides by a digest, which hides what it looks for',
    pattern:
      /\b(?:hex)?digest\([^)]*\)\)?\s*(?:\.\w+\([^)]*\)\s*)*[=!]==?|[=!]==?\s*\w*\.?(?:hex)?digest\(|\bcrc32\([^)]*\)\)?\s*(?:&[^=]*)?[=!]=/,
    asked: /\b(?:hex)?digest\(|\bcrc32\(|\bcreateHash\(|\bhashlib\.\w+\(/,
  },
  {
    flag: 'file_written',
    message: 'the code writes or removes files',
    pattern:
      /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|unlinkSync|rmSync|renameSync|copyFileSync|truncateSync|symlinkSync)\s*\(|\bfs(?:p|\.promises)?\.(?:unlink|rm|rename|copyFile|truncate|symlink|cp)\(|\bopen\([^)]*,\s*(?:mode\s*=\s*)?['"][rwax+bt]*[wax+][rwax+bt]*['"]|\.(?:write_text|write_bytes|unlink)\(|\bos\.(?:remove|unlink|rename|replace|truncate)\(|\bshutil\.(?:copy\w*|move|rmtree)\(|\b(?:os|ioutil)\.(?:WriteFile|Create|Remove|RemoveAll|Rename|OpenFile)\(/,
  },
  {
    flag: 'silenced',
    message: 'a check is switched off',
    pattern:
      /\bwarnings\.(?:simplefilter|filterwarnings)\(|\bremoveAllListeners\(|\bprocess\.noDeprecation\b|@ts-(?:ignore|nocheck)|eslint-disable|#\s*type:\s*ignore|#\s*noqa|\/\/\s*nolint|biome-ignore/,
  },
  {
    flag: 'exit_added',
    message: 'the process ends itself',
    pattern:
      /\bprocess\.(?:exit|reallyExit|abort|kill)\(|\bprocess\.exitCode\s*=(?!=)|\bos\.(?:_exit|kill|abort)\(|\bsys\.exit\(|\braise SystemExit\b|^\s*(?:exit|quit)\(|\bos\.Exit\(|\bsyscall\.(?:Exit|Kill)\(|\blog\.Fatal|\bruntime\.Goexit\(|\bprocess::exit\(|\bSystem\.exit\(/,
  },
];
