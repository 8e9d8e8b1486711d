package org.clinic;

import org.springframework.boot.SpringApplication;

public class ClinicApplication {
    public static void main(String[] args) throws Exception {
        SpringApplication.run(new XrayController(), args);
    }
}
