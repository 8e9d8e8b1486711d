import type { Code } from './code/tree';

/** Where libraries keep what they fetch, or what a program that they start needs, below the home directory, and the variable that moves it: of names with a bar between them one is imported or mentioned, of all such groups. */
const caches: readonly (readonly [language: Code['language'], names: string, folder: string, variable: string | null])[] = [
  // huggingface.co/docs/huggingface_hub: environment variables; nltk.org/data.html; docs.pytorch.org/docs/stable/hub.html
  ['python', 'transformers|sentence_transformers|huggingface_hub|diffusers|datasets|faster_whisper', '.cache/huggingface', 'HF_HOME'],
  ['python', 'nltk download|word_tokenize|sent_tokenize|stopwords', 'nltk_data', 'NLTK_DATA'],
  ['python', 'torch|torchvision hub|models', '.cache/torch', 'TORCH_HOME'],
  // github.com/openai/whisper; jaided.ai/easyocr/documentation; keras.io: configuration
  ['python', 'whisper load_model', '.cache/whisper', 'XDG_CACHE_HOME'],
  ['python', 'easyocr Reader', '.EasyOCR', 'EASYOCR_MODULE_PATH'],
  ['python', 'keras applications|datasets', '.keras', 'KERAS_HOME'],
  // scikit-learn.org: sklearn.datasets.get_data_home; radimrehurek.com/gensim/downloader.html
  [
    'python',
    'fetch_openml|fetch_20newsgroups|fetch_california_housing|fetch_lfw_people|fetch_olivetti_faces',
    'scikit_learn_data',
    'SCIKIT_LEARN_DATA',
  ],
  ['python', 'gensim downloader', 'gensim-data', 'GENSIM_DATA_DIR'],
  // github.com/danielgatis/rembg; github.com/serengil/deepface; platformdirs.readthedocs.io
  ['python', 'rembg', '.u2net', 'U2NET_HOME'],
  ['python', 'deepface', '.deepface', 'DEEPFACE_HOME'],
  ['python', 'user_data_dir|user_cache_dir|user_config_dir|user_state_dir|user_log_dir', '.local/share', 'XDG_DATA_HOME'],
  ['python', 'user_data_path|user_cache_path|user_config_path', '.local/share', 'XDG_DATA_HOME'],
  // browsers keep profiles and reports of crashes there, whoever starts them
  ['python', 'webdriver Chrome|Firefox|Edge', '.cache', null],
  ['python', 'sync_playwright|async_playwright', '.cache', null],
  ['script', 'puppeteer|puppeteer-core|playwright|playwright-core|playwright-chromium', '.cache', null],
  // github.com/sindresorhus/conf, configstore, env-paths
  ['script', 'configstore|env-paths|conf', '.config', 'XDG_CONFIG_HOME'],
];

/** What the libraries of a program keep below the home directory of its user. */
export function homeCaches({ language, units }: Code): readonly { readonly folder: string; readonly variable: string | null }[] {
  const names = new Set(
    units.flatMap(({ imports, mentions }) => [...mentions, ...imports.flatMap(({ from }) => [from, ...from.split('.')])]),
  );
  return caches.flatMap(([of, groups, folder, variable]) =>
    of === language && groups.split(' ').every(group => group.split('|').some(name => names.has(name))) ? { folder, variable } : [],
  );
}
