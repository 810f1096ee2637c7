package dev.flashstock.bench;

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
    static final double MILLION_QUEUE_CALLS = 0.40;
    static final double CPU_HOUR = 0.0405;
    static final double GIBIBYTE_HOUR = 0.0045;
    static final double REDIS_NODE_HOUR = 0.175;
    static final int REDIS_NODES = 2;
    static final int HOURS_OF_A_MONTH = 730;
    static final int SALES_OF_A_MONTH = 4;
    /** Three for the API and two workers, a CPU and a GiB each. */
    static final int STANDING_PODS = 5;

    private static final int SECONDS = 3_600;
    private static final int UNITS_OF_A_CONFIRMATION = 1;

    double writes() {
        return (needs.unitsPerSecond() + UNITS_OF_A_CONFIRMATION * needs.perSecond())
                * SECONDS
                * MILLION_WRITE_UNITS
                / 1e6;
    }

    double reads() {
        return needs.readUnits() * SECONDS * MILLION_READ_UNITS / 1e6;
    }

    double podsThatWait() {
        return pods(needs.podsThatWait(), Needs.CPUS_OF_A_POD);
    }

    double podsThatDoNot() {
        return pods(needs.apiPods() + needs.workerPods(), Needs.CPUS_OF_A_POD);
    }

    double queue() {
        return needs.queueCalls() * SECONDS * MILLION_QUEUE_CALLS / 1e6;
    }

    static double redis() {
        return REDIS_NODES * REDIS_NODE_HOUR;
    }

    double hourOfWaiting() {
        return writes() + reads() + podsThatWait() + redis();
    }

    double hourOfNotWaiting() {
        return writes() + reads() + podsThatDoNot() + queue() + redis();
    }

    /** What is sold stays in the table. */
    double storageOfAnHour() {
        return needs.gigabytesOfAnHour() * GIGABYTE_MONTH;
    }

    static double standingMonth() {
        double sweeps = 0.5 * Needs.QUERIES_OF_A_POD * STANDING_PODS * SECONDS * MILLION_READ_UNITS / 1e6;
        return HOURS_OF_A_MONTH * (pods(STANDING_PODS, 1) + redis() + sweeps);
    }

    double monthWithSales() {
        return standingMonth() + SALES_OF_A_MONTH * (hourOfWaiting() + storageOfAnHour());
    }

    double monthWithoutABreak() {
        return HOURS_OF_A_MONTH * hourOfWaiting();
    }

    private static double pods(int pods, int cpus) {
        return pods * (cpus * CPU_HOUR + GIBIBYTE_HOUR);
    }
}
