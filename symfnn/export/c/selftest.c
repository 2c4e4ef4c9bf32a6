#ifdef SYMFNN_SELFTEST
#include <stdio.h>

static real theta[NETWORK_SIZE], X[(long)NETWORK_SAMPLES * NETWORK_INPUTS], Y[(long)NETWORK_SAMPLES * NETWORK_OUTPUTS];
static real gradient[NETWORK_SIZE], work[NETWORK_WORK];

/* a number between -1 and 1; a linear congruential generator */
static double drawn(void)
{
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return state / 2147483648.0 - 1;
}

static double size_of(double error)
{
    return error < 0 ? -error : error;
}

/* the gradient against differences of the loss, for up to 200 parameters: central ones, or those to one side where that
   fits better, since a kink may lie on the other */
int main(void)
{
    const int is_double = sizeof(real) == sizeof(double), count = NETWORK_SIZE < 200 ? NETWORK_SIZE : 200;
    const double step = is_double ? 1e-5 : 2e-3, limit = is_double ? 1e-5 : 5e-2;
    double worst = 0, largest = 0;
    real value = 0;
    for (int attempt = 0; attempt < 20; attempt++) {
        for (long k = 0; k < NETWORK_SIZE; k++)
            theta[k] = (real)(attempt % 2 ? 0.3 + 0.25 * drawn() : 0.5 * drawn());
        for (long k = 0; k < (long)NETWORK_SAMPLES * NETWORK_INPUTS; k++)
            X[k] = (real)(attempt % 2 ? 0.5 + 0.5 * drawn() : drawn());
        for (long k = 0; k < (long)NETWORK_SAMPLES * NETWORK_OUTPUTS; k++)
            Y[k] = (real)(0.5 + 0.5 * drawn());
        value = network_loss_and_grad(theta, X, Y, gradient, work);
        if (value - value == 0)
            break;
    }
    if (value - value != 0) {
        puts("the loss is not finite at random parameters: nothing to compare");
        return 1;
    }
    for (long k = 0; k < NETWORK_SIZE; k++)
        largest = gradient[k] > largest ? gradient[k] : -gradient[k] > largest ? -gradient[k] : largest;
    largest = largest > 1e-3 * value ? largest : 1e-3 * value;
    largest = largest > 1e-300 ? largest : 1e-300;
    for (int place = 0; place < count; place++) {
        const long k = count < NETWORK_SIZE ? (long)((0.5 + 0.4999 * drawn()) * NETWORK_SIZE) : place;
        const real kept = theta[k], above = (real)(kept + step), below = (real)(kept - step);
        theta[k] = above;
        const double after = network_loss(theta, X, Y, work);
        theta[k] = below;
        const double before = network_loss(theta, X, Y, work);
        theta[k] = kept;
        const double to_left = size_of((value - before) / ((double)kept - below) - gradient[k]);
        const double to_right = size_of((after - value) / ((double)above - kept) - gradient[k]);
        double error = size_of((after - before) / ((double)above - below) - gradient[k]);
        error = to_left < error ? to_left : error;
        error = (to_right < error ? to_right : error) / largest;
        worst = error > worst || error != error ? error : worst;
    }
    printf("worst relative error of the gradient: %.1e\n", worst);
    return worst < limit ? 0 : 1;
}
#endif
