import { describe, expect, test } from 'vitest';
import { writtenBy } from './image-writes';

// What calls of usual libraries write, by the first example of their own documentation: the folder, or that it is beside the sources.

const beside = (file: string): string => `main writes ${file} next to its sources`;

/** What a program in /app writes, whatever its name ends with. */
const writesOf = (ending: string, ...lines: readonly string[]): readonly string[] =>
  writtenBy(`main.${ending}`, lines).map(seen => seen.replace(`main.${ending}`, 'main'));

describe('a call of a library writes', () => {
  test.each<[string, string, string, string]>([
    ['py', 'import chromadb', 'client = chromadb.PersistentClient(path="./chroma-data")', '/app/chroma-data'],
    ['py', 'import chromadb', 'client = chromadb.PersistentClient()', '/app/chroma'],
    ['py', 'import duckdb', 'con = duckdb.connect("var/facts.duckdb")', '/app/var'],
    ['py', 'from peewee import *', 'db = SqliteDatabase("people.db")', beside('people.db')],
    ['py', 'import lmdb', 'env = lmdb.open("store")', '/app/store'],
    ['py', 'import joblib', 'joblib.dump(model, "models/best.pkl")', '/app/models'],
    ['py', 'import pandas as pd', 'pd.DataFrame().to_csv("out/rows.csv")', '/app/out'],
    ['py', 'import matplotlib.pyplot as plt', 'plt.savefig("static/plot.png")', '/app/static'],
    ['py', 'from gtts import gTTS', 'gTTS("hello").save("audio/x.mp3")', '/app/audio'],
    ['py', 'import zipfile', 'zipfile.ZipFile("export.zip", "w")', beside('export.zip')],
    ['py', 'from loguru import logger', 'logger.add("logs/app.log")', '/app/logs'],
    ['py', 'from torch.utils.tensorboard import SummaryWriter', 'writer = SummaryWriter()', '/app/runs'],
    ['py', 'from pathlib import Path', 'Path("notes.txt").open("w")', beside('notes.txt')],
    ['py', 'import logging', 'logging.basicConfig(filename="logs/app.log")', '/app/logs'],
    ['py', 'import asyncio, pathlib', 'asyncio.to_thread(pathlib.Path("/srv/x/a").write_text, "x")', '/srv/x'],
    ['js', '', 'const db = require("better-sqlite3")("data/x.db");', '/app/data'],
    ['js', 'const sqlite3 = require("sqlite3").verbose();', 'new sqlite3.Database("data/x.db");', '/app/data'],
    ['js', 'import { DatabaseSync } from "node:sqlite";', 'new DatabaseSync("data/x.db");', '/app/data'],
    ['js', 'import PouchDB from "pouchdb";', 'const db = new PouchDB("movies");', '/app/movies'],
    ['js', 'const { Level } = require("level");', 'const db = new Level("./leveldata");', '/app/leveldata'],
    ['js', 'import multer from "multer";', 'multer.diskStorage({ destination: "./pictures" });', '/app/pictures'],
    ['js', '', 'await page.screenshot({ path: "shots/x.png" });', '/app/shots'],
    ['js', 'import pino from "pino";', 'const log = pino(pino.destination("logs/app.log"));', '/app/logs'],
    ['js', 'import winston from "winston";', 'new winston.transports.File({ filename: "logs/app.log" });', '/app/logs'],
    ['js', 'import fs from "fs-extra";', 'await fs.outputJson("out/x.json", {});', '/app/out'],
    ['js', 'import { writeFile } from "node:fs/promises";', 'await writeFile(new URL("./out/x", import.meta.url), "");', '/app/out'],
    ['ts', '', 'await Bun.write("notes.txt", text);', beside('notes.txt')],
    ['ts', '', 'await Deno.writeTextFile("notes.txt", text);', beside('notes.txt')],
  ])('%s: %s %s', (ending, first, line, expected) => {
    expect(writesOf(ending, first, line)).toEqual([expected]);
  });

  test.each([
    ['js', 'import PouchDB from "pouchdb";', 'const db = new PouchDB("http://db.example.com/movies");'],
    ['js', 'import { level } from "./log.js";', 'level("info");'],
    ['js', 'import { Sequelize } from "sequelize";', 'const db = new Sequelize("sqlite::memory:");'],
    ['py', 'import logging, sys', 'handler = logging.StreamHandler(sys.stdout)'],
    ['py', 'import pandas as pd', 'pd.DataFrame().to_csv(buffer)'],
    ['py', 'from PIL import Image', 'image = Image.open("logo.png")'],
  ])('nothing: %s: %s %s', (ending, first, line) => {
    expect(writesOf(ending, first, line)).toEqual([]);
  });
});

describe('a setting of a framework is where it writes', () => {
  test.each<[string, string[], string]>([
    ['uploads of Flask', ["app.config['UPLOAD_FOLDER'] = '/srv/uploads'"], '/srv/uploads'],
    ['its database, in the folder of instances', ["app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///app.db'"], '/app/instance'],
    ['the same by a whole path', ["app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:////srv/db/app.db'"], '/srv/db'],
    [
      'the folder of instances',
      ['from flask import Flask', 'app = Flask(__name__)', "open(app.instance_path + '/votes.txt', 'a')"],
      '/app/instance',
    ],
    ['media of Django', ["MEDIA_ROOT = '/srv/media'"], '/srv/media'],
    ['its database', ["DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/srv/db/x.sqlite3'}}"], '/srv/db'],
    [
      'logging by a dictionary',
      ["LOGGING = {'handlers': {'file': {'class': 'logging.FileHandler', 'filename': '/var/log/shop/x.log'}}}"],
      '/var/log/shop',
    ],
  ])('%s', (_, lines, expected) => {
    expect(writesOf('py', ...lines)).toEqual([expected]);
  });

  test('and another one of that name is none', () => {
    expect(writesOf('py', "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': '/shop'}}")).toEqual([]);
    expect(writesOf('py', "answer = {'filename': '/srv/reports/x.csv'}")).toEqual([]);
  });
});
