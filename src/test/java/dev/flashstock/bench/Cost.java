package dev.flashstock.bench;

import java.util.OptionalDouble;

/**
 * What it costs in dollars, at AWS's list prices for US East (N. Virginia) in 2025, without discounts: assumed, and to be
 * checked. Load balancers, network, logs and backups are left out.
 *
 * @param needs what is paid for
 */
record Cost(Needs needs) {
    static final double MILLION_WRITE_UNITS = 0.625;
    static final double MILLION_READ_UNITS = 0.125;
    static final double GIGABYTE_MONTH = 0.25;
    /** Of a fair queue, which is one whose messages have groups. */
    static final double MILLION_QUEUE_CALLS = 0.50;

    static final double CPU_HOUR = 0.0405;
    static final double GIBIBYTE_HOUR = 0.0045;
    /** As Fargate asks for at least, up to four of them. */
    static final int GIBIBYTES_OF_A_CPU = 2;

    /** Of a cluster of EKS. */
    static final double CONTROL_PLANE_HOUR = 0.10;

    static final double REDIS_NODE_HOUR = 0.175;
    static final int REDIS_NODES = 2;
    static final int HOURS_OF_A_MONTH = 730;
    static final int SALES_OF_A_MONTH = 4;
    /** Three for the API and two workers, a CPU each. */
    static final int STANDING_PODS = 5;

    private static final int SECONDS = 3_600;

    double writes() {
        return needs.writesPerSecond() * SECONDS * MILLION_WRITE_UNITS / 1e6;
    }

    double readsOfWaiting() {
        return reads(needs.readUnits());
    }

    double readsOfNotWaiting() {
        return reads(needs.readUnitsWithoutWaiting());
    }

    private static double reads(double perSecond) {
        return perSecond * SECONDS * MILLION_READ_UNITS / 1e6;
    }

    double podsThatWait() {
        return pods(needs.podsThatWait(), Needs.CPUS_OF_A_POD);
    }

    double podsThatDoNot() {
        return pods(needs.podsThatDoNot(), Needs.CPUS_OF_A_POD);
    }

    double queue() {
        return needs.queueCalls() * SECONDS * MILLION_QUEUE_CALLS / 1e6;
    }

    /** Nothing where it is not known what would run so many scripts; the sums are without it then. */
    OptionalDouble redis() {
        return needs.redisIsKnown() ? OptionalDouble.of(twoNodes()) : OptionalDouble.empty();
    }

    private static double twoNodes() {
        return REDIS_NODES * REDIS_NODE_HOUR;
    }

    double hourOfWaiting() {
        return hourOfWaitingWithoutRedis() + redis().orElse(0);
    }

    private double hourOfWaitingWithoutRedis() {
        return writes() + readsOfWaiting() + podsThatWait();
    }

    double hourOfNotWaiting() {
        return writes() + readsOfNotWaiting() + podsThatDoNot() + queue() + redis().orElse(0);
    }

    /** What is sold stays in the table. */
    double storageOfAnHour() {
        return needs.gigabytesOfAnHour() * GIGABYTE_MONTH;
    }

    static double standingMonth() {
        double sweeps = reads(Needs.standingUnitsOfAPod() * STANDING_PODS);
        return HOURS_OF_A_MONTH * (pods(STANDING_PODS, 1) + twoNodes() + CONTROL_PLANE_HOUR + sweeps);
    }

    /** Redis is there all the month. */
    double monthWithSales() {
        return standingMonth() + SALES_OF_A_MONTH * (hourOfWaitingWithoutRedis() + storageOfAnHour());
    }

    double monthWithoutABreak() {
        return HOURS_OF_A_MONTH * (hourOfWaiting() + CONTROL_PLANE_HOUR);
    }

    private static double pods(int pods, int cpus) {
        return pods * cpus * (CPU_HOUR + GIBIBYTES_OF_A_CPU * GIBIBYTE_HOUR);
    }
}
