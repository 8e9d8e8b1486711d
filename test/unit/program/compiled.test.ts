import { expect, test } from 'vitest';
import { written, type Files } from './image-writes';

// What compiled programs write: their sources are all that a build hands to the compiler, and their places come from properties, options and
// configurations.

test.each<[string, Files, readonly string[]]>([
  [
    'all sources of an archive that Maven makes',
    {
      Dockerfile:
        'FROM maven:3-eclipse-temurin-21 AS b\nWORKDIR /b\nCOPY . .\nRUN mvn -q package\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=b /b/target/shop.jar app.jar\nCMD ["java", "-jar", "app.jar"]\n',
      'src/main/java/org/shop/ShopApplication.java': 'package org.shop;\nclass ShopApplication {}\n',
      'src/main/java/org/shop/photos/Photos.java':
        'package org.shop.photos;\n@Value("${photos.dir:uploads}")\nprivate String dir;\nvoid init() { Files.createDirectories(Path.of(dir)); }\n',
      'src/test/java/org/shop/PhotosTest.java': 'Files.createDirectories(Path.of("/srv/tests"));',
    },
    ['/app/uploads'],
  ],
  [
    'a module of it, and what its configuration sets',
    {
      Dockerfile:
        'FROM maven:3-eclipse-temurin-21 AS b\nWORKDIR /b\nCOPY . .\nRUN mvn -q package\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=b /b/server/target/shop.jar app.jar\nCMD ["java", "-jar", "app.jar"]\n',
      'server/src/main/resources/application.properties': 'photos.archive-dir=/srv/photos\n',
      'server/src/main/java/org/shop/Photos.java':
        'package org.shop;\npublic Photos(@Value("${photos.archiveDir:uploads}") String dir) {\nFiles.createDirectories(Path.of(dir));\n}\n',
    },
    ['/srv/photos'],
  ],
  [
    'an archive that was built before',
    {
      Dockerfile:
        'FROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY build/libs/shop.jar app.jar\nENV PHOTOS_DIR=/srv/photos\nCMD ["java", "-jar", "app.jar"]\n',
      'src/main/java/org/shop/Photos.java': '@Value("${photos.dir:uploads}") String dir;\nFiles.createDirectories(Path.of(dir));\n',
    },
    ['/srv/photos'],
  ],
  [
    'a property that the command sets',
    {
      Dockerfile:
        'FROM eclipse-temurin:21-jdk AS b\nWORKDIR /b\nCOPY src src\nRUN javac -d out $(find src -name "*.java") && jar -cf app.jar -C out .\nFROM eclipse-temurin:21-jre\nCOPY --from=b /b/app.jar /app/app.jar\nCMD ["java", "-Dshop.home=/srv/shop", "-jar", "/app/app.jar"]\n',
      'src/org/shop/Main.java':
        'File home = new File(System.getProperty("shop.home", System.getProperty("user.home") + "/.shop"));\nhome.mkdirs();\n',
    },
    ['/srv/shop'],
  ],
  [
    'an option that the command sets',
    {
      Dockerfile:
        'FROM golang:1.26 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /paste .\nFROM debian:12\nCOPY --from=b /paste /bin/paste\nCMD ["paste", "-store", "/srv/pastes"]\n',
      'main.go': 'package main\nvar store = flag.String("store", "/var/lib/paste", "where")\nfunc main() {\n\tos.MkdirAll(*store, 0o700)\n',
    },
    ['/srv/pastes'],
  ],
  [
    'what a configuration sets in place of a default, by another spelling',
    {
      Dockerfile:
        'FROM golang:1.26 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /hooks .\nFROM debian:12\nCOPY --from=b /hooks /bin/hooks\nCOPY hooks.json /etc/hooks.json\nCMD ["hooks"]\n',
      'hooks.json': '{\n  "spool_path": "/var/spool/hooks"\n}\n',
      'config.go': 'package main\nvar defaults = Config{\n\tSpoolPath: "spool",\n\tLogDir:   "/var/log/hooks",\n}\n',
      'main.go': 'package main\nfunc main() {\n\tos.MkdirAll(cfg.SpoolPath, 0o755)\n\tos.MkdirAll(cfg.LogDir, 0o755)\n',
    },
    ['/var/spool/hooks', '/spool', '/var/log/hooks'],
  ],
  [
    'C that make builds in another folder',
    {
      Dockerfile:
        'FROM debian:12 AS b\nWORKDIR /b\nCOPY src /usr/src/motd\nRUN make -C /usr/src/motd install\nFROM debian:12\nCOPY --from=b /usr/sbin/motd /usr/sbin/\nCMD ["motd"]\n',
      'src/state.c': 'void save(const char *dir)\n{\n\tif (mkdir(dir, 0755)) exit(1);\n',
    },
    ['src/*.c writes to dir, and nothing here tells where that is'],
  ],
  [
    'Rust that cargo installs, by its configuration',
    {
      Dockerfile:
        'FROM rust:1.90 AS b\nWORKDIR /b\nCOPY . .\nRUN cargo install --path .\nFROM debian:12\nCOPY --from=b /usr/local/cargo/bin/pulse /usr/bin/\nCOPY pulse.toml /etc/\nCMD ["pulse"]\n',
      'pulse.toml': 'log_file = "/var/log/pulse/pulse.log"\ncontrol = "/run/pulse/control.sock"\n',
      'src/main.rs':
        'fn open_log(path: &Path) -> File {\n    if let Some(parent) = path.parent() {\n        fs::create_dir_all(parent)?;\n    }\n}\nfn main() {\n    let log = open_log(Path::new(&cfg.log_file));\n}\n',
    },
    ['/var/log/pulse', '/run/pulse'],
  ],
  [
    'a script by its path in the working directory',
    {
      Dockerfile: 'FROM debian:12\nWORKDIR /srv/sweeper\nCOPY sweep ./\nCMD ["./sweep", "--every", "60"]\n',
      sweep: '#!/usr/bin/env bash\nexec 9>"/var/run/sweeper.lock"\nmkdir -p /srv/sweeper/spool\n',
    },
    ['its start script sweep writes /var/run/sweeper.lock'],
  ],
  [
    'what properties of Spring keep',
    {
      Dockerfile:
        'FROM maven:3-eclipse-temurin-21 AS b\nWORKDIR /b\nCOPY . .\nRUN mvn -q package\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=b /b/target/shop.jar app.jar\nCMD ["java", "-jar", "app.jar"]\n',
      'src/main/resources/application.properties': 'storage.location=photos\n',
      'src/main/java/org/shop/Storage.java': 'this.root = Paths.get(properties.getLocation());\nFiles.createDirectories(root);\n',
    },
    ['/app/photos'],
  ],
  [
    'a tag of Go with the default of a variable',
    {
      Dockerfile:
        'FROM golang:1.26 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /x .\nFROM debian:12\nCOPY --from=b /x /bin/x\nENV STATE=/srv/state\nCMD ["x"]\n',
      'main.go':
        'type Config struct {\n\tState string `env:"STATE" envDefault:"/var/lib/x"`\n}\nfunc main() {\n\tos.MkdirAll(cfg.State, 0o755)\n',
    },
    ['/srv/state'],
  ],
  [
    'where .NET starts',
    {
      Dockerfile:
        'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS b\nWORKDIR /b\nCOPY . .\nRUN dotnet publish -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nWORKDIR /app\nCOPY --from=b /out .\nENTRYPOINT ["dotnet", "Shop.dll"]\n',
      'Services/Store.cs': 'var dir = Path.Combine(env.ContentRootPath, "uploads");\nDirectory.CreateDirectory(dir);\n',
    },
    ['/app/uploads'],
  ],
  [
    'a user that only root may change to',
    {
      Dockerfile:
        'FROM debian:12 AS b\nWORKDIR /src\nCOPY quotes.c .\nRUN gcc -o /quotes quotes.c\nFROM debian:12\nCOPY --from=b /quotes /bin/quotes\nCMD ["/bin/quotes"]\n',
      'quotes.c': 'if (setgid(pw->pw_gid) || setuid(pw->pw_uid)) exit(1);\n',
    },
    ['its program *.c calls setgid'],
  ],
  [
    'one that it changes to where it is root',
    {
      Dockerfile:
        'FROM debian:12 AS b\nWORKDIR /src\nCOPY quotes.c .\nRUN gcc -o /quotes quotes.c\nFROM debian:12\nCOPY --from=b /quotes /bin/quotes\nCMD ["/bin/quotes"]\n',
      'quotes.c': 'FILE *f = fopen("/srv/quotes/log", "w");\nif (getuid() == 0) {\n  setuid(33);\n}\n',
    },
    ['/srv/quotes'],
  ],
])('%s', (_, files, expected) => {
  expect(written(files)).toEqual(expected);
});
