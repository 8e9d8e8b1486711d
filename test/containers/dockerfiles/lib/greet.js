exports.greet = path => `Welcome to ${path}\n`;
