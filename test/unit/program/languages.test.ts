import { expect, test } from 'vitest';
import { written, type Files } from './image-writes';

// Programs of compiled languages are not read, whether their sources are at hand or not: a person is asked, and no folder is guessed of them. What
// configurations, the Dockerfile and variables say of them counts all the same.

const maven =
  'FROM maven:3-eclipse-temurin-21 AS b\nWORKDIR /b\nCOPY . .\nRUN mvn -q package\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=b /b/target/shop.jar app.jar\nCMD ["java", "-jar", "app.jar"]\n';
const asked = (language: string): string => `it starts a program in ${language}, which is not analyzed here`;

test.each<[string, Files, readonly string[]]>([
  [
    'the sources of an archive that Maven makes',
    { Dockerfile: maven, 'src/main/java/org/shop/photos/Photos.java': 'Files.createDirectories(Path.of("uploads"));' },
    [asked('Java')],
  ],
  [
    'an archive that was built before, with a variable that names a folder',
    {
      Dockerfile:
        'FROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY build/libs/shop.jar app.jar\nENV PHOTOS_DIR=/srv/photos\nCMD ["java", "-jar", "app.jar"]\n',
      'src/main/java/org/shop/Photos.java': 'class Photos {}',
    },
    ['/srv/photos', asked('Java')],
  ],
  ['an archive whose sources are not here', { Dockerfile: maven }, [asked('Java')]],
  [
    'an option that the command sets',
    {
      Dockerfile:
        'FROM golang:1.26 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /paste .\nFROM debian:12\nCOPY --from=b /paste /bin/paste\nCMD ["paste", "-store", "/srv/pastes"]\n',
      'main.go': 'package main\nfunc main() {}\n',
    },
    ['/srv/pastes', asked('Go')],
  ],
  [
    'what make builds in another folder goes by its name',
    {
      Dockerfile:
        'FROM debian:12 AS b\nWORKDIR /b\nCOPY src /usr/src/motd\nRUN make -C /usr/src/motd install\nFROM debian:12\nCOPY --from=b /usr/sbin/motd /usr/sbin/\nCMD ["motd"]\n',
      'src/state.c': 'void save(const char *dir) {}\n',
    },
    ['it starts motd, which is not analyzed here'],
  ],
  [
    'Rust that cargo installs, with its configuration',
    {
      Dockerfile:
        'FROM rust:1.90 AS b\nWORKDIR /b\nCOPY . .\nRUN cargo install --path .\nFROM debian:12\nCOPY --from=b /usr/local/cargo/bin/pulse /usr/bin/\nCOPY pulse.toml /etc/\nCMD ["pulse"]\n',
      'pulse.toml': 'log_file = "/var/log/pulse/pulse.log"\ncontrol = "/run/pulse/control.sock"\n',
      'src/main.rs': 'fn main() {}\n',
    },
    ['/var/log/pulse', '/run/pulse', asked('Rust')],
  ],
  [
    'where .NET starts',
    {
      Dockerfile:
        'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS b\nWORKDIR /b\nCOPY . .\nRUN dotnet publish -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nWORKDIR /app\nCOPY --from=b /out .\nENTRYPOINT ["dotnet", "Shop.dll"]\n',
      'Services/Store.cs': 'Directory.CreateDirectory("uploads");\n',
    },
    [asked('C#')],
  ],
  [
    'a program that was built before goes by its name',
    { Dockerfile: 'FROM debian:12\nCOPY bin/tally /usr/local/bin/\nCMD ["tally"]\n' },
    ['it starts tally, which is not analyzed here'],
  ],
  ['a script whose build sets a variable alone', { Dockerfile: 'FROM debian:12\nRUN a=b\nCOPY start.sh /\nCMD ["/start.sh"]\n' }, []],
  [
    'a program of the image is none',
    { Dockerfile: 'FROM golang:1.26 AS b\nRUN go build -o /check .\nFROM nginx:1.29\nCOPY --from=b /check /check\nCMD ["nginx"]\n' },
    [],
  ],
  [
    'a script whose build makes a program',
    {
      Dockerfile:
        'FROM golang:1.26 AS b\nRUN go build -o /tally .\nFROM debian:12\nCOPY --from=b /tally /bin/\nCOPY start.sh /\nCMD ["/start.sh"]\n',
    },
    ['its build produces a program in Go, which is not analyzed here'],
  ],
  [
    'a script by its path in the working directory',
    {
      Dockerfile: 'FROM debian:12\nWORKDIR /srv/sweeper\nCOPY sweep ./\nCMD ["./sweep", "--every", "60"]\n',
      sweep: '#!/usr/bin/env bash\nexec 9>"/var/run/sweeper.lock"\nmkdir -p /srv/sweeper/spool\n',
    },
    ['its start script sweep writes /var/run/sweeper.lock'],
  ],
])('%s', (_, files, expected) => {
  expect(written(files)).toEqual(expected);
});

test.each([
  ['a user that only root may change to', 'os.setgid(33)\nos.setuid(33)\n', ['its program main.py calls setgid']],
  ['one that it changes to where it is root', 'if os.getuid() == 0:\n    os.setuid(33)\n', []],
])('%s', (_, main, expected) => {
  expect(written({ Dockerfile: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n', 'main.py': main })).toEqual(
    expected,
  );
});
