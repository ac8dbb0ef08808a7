using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Understudy.Networks.Ops.Kernels;
using static TorchSharp.torch;

namespace Understudy.Training.Optimisers;

/// <summary>
/// A step of <see cref="Adam"/>, in one pass over its buffers or by libtorch's operations, which make nine.
/// </summary>
/// <param name="Rate">lr / (1 − β₁ᵗ).</param>
/// <param name="Decay">lr · wd.</param>
/// <param name="Correction">√(1 − β₂ᵗ).</param>
internal readonly record struct AdamStep(double Beta1, double Beta2, double Rate, double Decay, double Correction, double Epsilon)
{
    /// <summary>Whether <see cref="InOnePass"/> takes a buffer.</summary>
    public static bool Fits(Tensor values) =>
        values.dtype == ScalarType.Float32 && values.device_type == TorchSharp.DeviceType.CPU
        && values.numel() % IElements.Lanes == 0 && values.numel() * sizeof(float) <= int.MaxValue;

    /// <summary>
    /// All buffers are like <paramref name="values"/>; <paramref name="values"/>, <paramref name="mean"/> and
    /// <paramref name="square"/> change.
    /// </summary>
    /// <param name="mean">Null where β₁ is 0.</param>
    /// <param name="decays">1 where weights decay; null where none do.</param>
    /// <param name="factors">Of the rate; null for one rate.</param>
    public void InOnePass(Tensor values, Tensor gradient, Tensor? mean, Tensor square, Tensor? decays, Tensor? factors)
    {
        // A part is a chunk: eight numbers are too few to be worth a call.
        var chunks = (int)((values.numel() + Job.Chunk - 1) / Job.Chunk);
        var job = new Job(this, (nint)values.numel(), At(values), At(gradient), At(mean), At(square), At(decays), At(factors));
        Workers.Run(ref job, chunks);

        static unsafe nint At(Tensor? buffer) => buffer is null ? 0 : (nint)Maps.Start(buffer);
    }

    /// <summary>The same, of any type on any device.</summary>
    public void ByLibtorch(Tensor values, Tensor gradient, Tensor? mean, Tensor square, Tensor? decays, Tensor? factors)
    {
        if (decays is not null) values.addcmul_(values, factors is null ? decays : decays * factors, -Decay);
        mean?.mul_(Beta1).add_(gradient, 1 - Beta1);
        square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var denominator = square.sqrt().div_(Correction).add_(Epsilon);
        values.addcdiv_(factors is null ? mean ?? gradient : (mean ?? gradient) * factors, denominator, -Rate);
    }

    private readonly struct Job(AdamStep step, nint count, nint values, nint gradients, nint means, nint squares, nint decays,
        nint factors) : IJob
    {
        public const int Chunk = 1 << 13;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public unsafe void Run(int from, int to)
        {
            float beta1 = (float)step.Beta1, rest1 = (float)(1 - step.Beta1), beta2 = (float)step.Beta2,
                rest2 = (float)(1 - step.Beta2);
            float rate = (float)-step.Rate, decay = (float)-step.Decay;
            var (correction, epsilon) = (Vector256.Create((float)step.Correction), Vector256.Create((float)step.Epsilon));
            var end = Math.Min(count, (nint)to * Chunk);
            for (var i = (nint)from * Chunk; i < end; i += IElements.Lanes)
            {
                var (value, gradient) = (Vector256.Load((float*)values + i), Vector256.Load((float*)gradients + i));
                var square = Vector256.Load((float*)squares + i) * beta2 + gradient * gradient * rest2;
                square.Store((float*)squares + i);
                var mean = gradient;
                if (means != 0)
                {
                    mean = Vector256.Load((float*)means + i) * beta1 + gradient * rest1;
                    mean.Store((float*)means + i);
                }
                var factor = factors == 0 ? Vector256<float>.One : Vector256.Load((float*)factors + i);
                if (decays != 0) value += value * Vector256.Load((float*)decays + i) * factor * decay;
                value += mean * factor / (Vector256.Sqrt(square) / correction + epsilon) * rate;
                value.Store((float*)values + i);
            }
        }
    }
}
