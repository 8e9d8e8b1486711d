import type { Code } from './code/tree';

/** Where a library keeps what it fetches, or what the program that it starts needs, unless it is told otherwise: below the home directory, as its documentation has it. */
interface HomeCache {
  readonly language: Code['language'];
  /** Names of which one of each is imported or mentioned by a program that has it do so. */
  readonly names: readonly (readonly string[])[];
  readonly folder: string;
  /** The variable that moves it; `null`: none. */
  readonly variable: string | null;
}

const row = (language: Code['language'], names: readonly string[], folder: string, variable: string | null): HomeCache => ({
  language,
  names: names.map(each => each.split(' ')),
  folder,
  variable,
});

const caches: readonly HomeCache[] = [
  // huggingface.co/docs/huggingface_hub: environment variables
  row('python', ['transformers sentence_transformers huggingface_hub diffusers datasets faster_whisper'], '.cache/huggingface', 'HF_HOME'),
  // nltk.org/data.html
  row('python', ['nltk', 'download word_tokenize sent_tokenize stopwords'], 'nltk_data', 'NLTK_DATA'),
  // docs.pytorch.org/docs/stable/hub.html
  row('python', ['torch torchvision', 'hub models'], '.cache/torch', 'TORCH_HOME'),
  // github.com/openai/whisper
  row('python', ['whisper', 'load_model'], '.cache/whisper', 'XDG_CACHE_HOME'),
  // jaided.ai/easyocr/documentation
  row('python', ['easyocr', 'Reader'], '.EasyOCR', 'EASYOCR_MODULE_PATH'),
  // keras.io: configuration
  row('python', ['keras', 'applications datasets'], '.keras', 'KERAS_HOME'),
  // scikit-learn.org: sklearn.datasets.get_data_home
  row(
    'python',
    ['fetch_openml fetch_20newsgroups fetch_california_housing fetch_lfw_people fetch_olivetti_faces'],
    'scikit_learn_data',
    'SCIKIT_LEARN_DATA',
  ),
  // radimrehurek.com/gensim/downloader.html
  row('python', ['gensim', 'downloader'], 'gensim-data', 'GENSIM_DATA_DIR'),
  // github.com/danielgatis/rembg, github.com/serengil/deepface
  row('python', ['rembg'], '.u2net', 'U2NET_HOME'),
  row('python', ['deepface'], '.deepface', 'DEEPFACE_HOME'),
  // platformdirs.readthedocs.io
  row(
    'python',
    ['user_data_dir user_cache_dir user_config_dir user_state_dir user_log_dir user_data_path user_cache_path user_config_path'],
    '.local/share',
    'XDG_DATA_HOME',
  ),
  // browsers keep profiles and reports of crashes there, whoever starts them
  row('python', ['webdriver', 'Chrome Firefox Edge'], '.cache', null),
  row('python', ['sync_playwright async_playwright'], '.cache', null),
  row('script', ['puppeteer puppeteer-core playwright playwright-core playwright-chromium'], '.cache', null),
  // github.com/sindresorhus/conf, configstore, env-paths
  row('script', ['configstore env-paths conf'], '.config', 'XDG_CONFIG_HOME'),
];

/** What the libraries of a program keep below the home directory of its user. */
export function homeCaches({ language, units }: Code): readonly Pick<HomeCache, 'folder' | 'variable'>[] {
  const names = new Set(
    units.flatMap(({ imports, mentions }) => [...mentions, ...imports.flatMap(({ from }) => [from, ...from.split('.')])]),
  );
  return caches.filter(cache => cache.language === language && cache.names.every(each => each.some(name => names.has(name))));
}
