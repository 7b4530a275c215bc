// nlp.js as a reference: learns sentences, guesses others, and tells how long both took. JSON on stdin and stdout.
import { readFileSync } from 'node:fs';
import { containerBootstrap } from '@nlpjs/core';
import { LangFr } from '@nlpjs/lang-fr';
import { Nlp } from '@nlpjs/nlp';

const { taught, asked } = JSON.parse(readFileSync(0, 'utf8'));

const container = await containerBootstrap();
container.use(Nlp);
container.use(LangFr);
const nlp = container.get('nlp');
nlp.settings.autoSave = false;
console.log = () => {}; // it reports each epoch on stdout
nlp.addLanguage('fr');
for (const [text, intent] of taught) nlp.addDocument('fr', text, intent);

let start = performance.now();
await nlp.train();
const training = (performance.now() - start) / 1000;

start = performance.now();
const intents = [];
for (const text of asked) intents.push((await nlp.process('fr', text)).intent);
const answering = (performance.now() - start) / 1000;

process.stdout.write(JSON.stringify({ intents, training, answering }));
