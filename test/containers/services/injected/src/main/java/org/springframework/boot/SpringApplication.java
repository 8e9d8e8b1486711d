package org.springframework.boot;

import com.sun.net.httpserver.HttpServer;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Value;

/** The habits of Spring Boot that matter to a container. */
public final class SpringApplication {
    public static void run(Object bean, String[] args) throws Exception {
        Properties p = new Properties();
        try (InputStream in = SpringApplication.class.getResourceAsStream("/application.properties")) {
            p.load(in);
        }
        for (String name : p.stringPropertyNames()) {
            String env = System.getenv(name.toUpperCase().replace('.', '_').replace("-", ""));
            if (env != null) p.setProperty(name, env);
        }
        say(p.getProperty("logging.file.name"), "starting");
        String url = p.getProperty("spring.datasource.url");
        if (url != null && url.startsWith("jdbc:h2:file:")) {
            say(url.substring(13).split(";")[0] + ".mv.db", "H:2");
        }
        Path.of(System.getProperty("java.io.tmpdir"), "tomcat." + p.getProperty("server.port")).toFile().mkdirs();
        for (Field f : bean.getClass().getDeclaredFields()) {
            Value v = f.getAnnotation(Value.class);
            if (v == null) continue;
            String[] parts = v.value().replaceAll("^\\$\\{|\\}$", "").split(":", 2);
            f.setAccessible(true);
            f.set(bean, p.getProperty(parts[0], parts.length > 1 ? parts[1] : null));
        }
        bean.getClass().getMethod("init").invoke(bean);
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(p.getProperty("server.port"))), 0);
        server.createContext("/", exchange -> {
            byte[] bytes;
            try {
                Object answer = bean.getClass().getMethod(exchange.getRequestMethod().toLowerCase(), String.class)
                    .invoke(bean, new String(exchange.getRequestBody().readAllBytes()));
                bytes = answer.toString().getBytes();
                exchange.sendResponseHeaders(200, bytes.length);
            } catch (Exception e) {
                bytes = ("" + e.getCause()).getBytes();
                exchange.sendResponseHeaders(500, bytes.length);
            }
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        say(p.getProperty("logging.file.name"), "Started");
    }

    private static void say(String file, String text) throws Exception {
        if (file == null) return;
        Path path = Path.of(file);
        if (path.getParent() != null) Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
