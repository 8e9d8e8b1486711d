exports.log = (...words) => console.log(new Date().toISOString(), ...words);
