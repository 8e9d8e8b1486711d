import { describe, expect, test } from 'vitest';
import { frameworkFolders } from '../../../shared/src/evidence/program/framework-folders';
import { written, type Files } from './image-writes';

// A framework writes where its documentation says, whatever the application does: the manifest of the project names it.

describe('what frameworks write beside applications', () => {
  test.each<[string, string, string, string[]]>([
    ['Next', 'package.json', '{ "dependencies": { "next": "15.0.0", "react": "19.0.0" } }', ['.next/cache']],
    ['what is called like it', 'package.json', '{ "dependencies": { "next-auth": "4.0.0" } }', []],
    ['Strapi', 'package.json', '{ "dependencies": { "@strapi/strapi": "5.0.0" } }', ['public/uploads', '.tmp']],
    [
      'Laravel by its dependency',
      'composer.json',
      '{ "require": { "php": "^8.2", "laravel/framework": "^12.0" } }',
      ['storage', 'bootstrap/cache'],
    ],
    ['Drupal', 'composer.json', '{ "require": { "drupal/core-recommended": "^11.0" } }', ['web/sites/default/files']],
    ['what only its tests use', 'composer.json', '{ "require-dev": { "laravel/framework": "^12.0" } }', []],
    ['a manifest that is being written', 'composer.json', '{ "require": {', []],
    ['Rails by its gem', 'Gemfile', "source 'https://rubygems.example.com'\n\ngem 'rails', '~> 8.0'\n", ['log', 'storage', 'tmp']],
    ['a comment', 'Gemfile', "# gem 'rails'\n", []],
    ['Directus', 'package.json', '{ "dependencies": { "directus": "11.0.0" } }', ['uploads']],
  ])('%s', (_, path, text, expected) => {
    expect(frameworkFolders(text, path)).toEqual(expected);
  });
});

describe('the folders of an image that is built with a framework', () => {
  test.each<[string, Files, string[]]>([
    [
      'Next, as it runs by itself: what it caches is made anew',
      {
        Dockerfile:
          'FROM node:24 AS build\nWORKDIR /src\nCOPY . .\nRUN npm run build\nFROM node:24-slim\nWORKDIR /app\nCOPY --from=build /src/.next/standalone ./\nCMD ["node", "server.js"]\n',
        'package.json': '{ "dependencies": { "next": "15.0.0" } }',
      },
      ['/app/.next/cache'],
    ],
    [
      'Rails, whose command leads to its manifest',
      {
        Dockerfile: 'FROM ruby:3.4\nWORKDIR /rails\nCOPY . .\nCMD ["bundle", "exec", "rails", "server"]\n',
        Gemfile: "gem 'rails'\n",
        'config/application.rb': '',
        'storage/.keep': '',
      },
      ['/rails/log', '/rails/storage', '/rails/tmp', 'it starts a program in Ruby, which is not analyzed here'],
    ],
    [
      'Craft, which its manifest names beside the folder of its pages',
      {
        Dockerfile: 'FROM php:8.3-apache\nWORKDIR /app\nCOPY . .\nCMD ["php", "-t", "web", "-S", "0.0.0.0:80"]\n',
        'web/index.php': '<?php require "../bootstrap.php";\n',
        'composer.json': '{ "require": { "craftcms/cms": "^5.0" } }',
      },
      ['/app/storage', '/app/web/cpresources', 'it starts a program in PHP, which is not analyzed here'],
    ],
  ])('%s', (_, files, expected) => {
    expect(written(files)).toEqual(expected);
  });
});
