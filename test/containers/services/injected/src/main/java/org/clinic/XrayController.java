package org.clinic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.springframework.beans.factory.annotation.Value;

public class XrayController {
    @Value("${clinic.upload-dir:uploads/xray}")
    private String uploadDir;

    private Path root;

    public void init() throws IOException {
        this.root = Paths.get(uploadDir).toAbsolutePath().normalize();
        Files.createDirectories(this.root);
    }

    public String get(String body) {
        return "clinic";
    }

    public String post(String body) throws IOException {
        Path target = this.root.resolve("scan.txt");
        Files.writeString(target, body);
        return "uploaded";
    }
}
