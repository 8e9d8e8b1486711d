/** Where a library keeps what it fetches, or what the program that it starts needs, unless it is told otherwise: below the home directory, as its documentation has it. */
interface HomeCache {
  readonly language: RegExp;
  /** What stands in a program that has it do so. */
  readonly mark: RegExp;
  readonly folder: string;
  /** The variable that moves it; `null`: none. */
  readonly variable: string | null;
}

const python = /\.py$/;
const script = /\.[cm]?[jt]sx?$/;

const caches: readonly HomeCache[] = (
  [
    [
      python,
      /^\s{0,40}(?:from|import)\s{1,3}(?:transformers|sentence_transformers|huggingface_hub|diffusers|datasets|faster_whisper)\b/m,
      '.cache/huggingface',
      'HF_HOME',
    ],
    [python, /\bnltk\.download\(|\b(?:word|sent)_tokenize\b|\bstopwords\.words\b/, 'nltk_data', 'NLTK_DATA'],
    [python, /\btorch\.hub\.|\btorchvision\.models\b|\bfrom torchvision import .{0,80}\bmodels\b/, '.cache/torch', 'TORCH_HOME'],
    [python, /\bwhisper\.load_model\(/, '.cache/whisper', 'XDG_CACHE_HOME'],
    [python, /\beasyocr\.Reader\(/, '.EasyOCR', 'EASYOCR_MODULE_PATH'],
    [python, /\bkeras\.(?:applications|datasets)\b/, '.keras', 'KERAS_HOME'],
    [python, /\bfetch_(?:openml|20newsgroups|california_housing|lfw_people|olivetti_faces)\(/, 'scikit_learn_data', 'SCIKIT_LEARN_DATA'],
    [python, /\bgensim\.downloader\b/, 'gensim-data', 'GENSIM_DATA_DIR'],
    [python, /^\s{0,40}(?:from|import)\s{1,3}rembg\b/m, '.u2net', 'U2NET_HOME'],
    [python, /^\s{0,40}(?:from|import)\s{1,3}deepface\b/m, '.deepface', 'DEEPFACE_HOME'],
    [python, /\buser_(?:data|cache|config|state|log)_(?:dir|path)\(/, '.local/share', 'XDG_DATA_HOME'],
    // browsers keep profiles and reports of crashes there, whoever starts them
    [python, /\bwebdriver\.(?:Chrome|Firefox|Edge)\(|\b(?:a?sync_playwright)\b/, '.cache', null],
    [script, /["'](?:puppeteer|puppeteer-core|playwright|playwright-core|playwright-chromium)["']/, '.cache', null],
    [script, /["'](?:configstore|env-paths|conf)["']/, '.config', 'XDG_CONFIG_HOME'],
  ] as const
).map(([language, mark, folder, variable]) => ({ language, mark, folder, variable }));

/** What the libraries of a program keep below the home directory of its user. Linear. */
export function homeCaches(text: string, path: string): readonly Pick<HomeCache, 'folder' | 'variable'>[] {
  return caches.filter(({ language, mark }) => language.test(path) && mark.test(text));
}
