using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>
/// A shadow of a module whose parameters are an exponential moving average of the live ones; buffers (w_avg, running means) are
/// copied as they are. The shadow is a module of the same options, made by the caller.
/// </summary>
public sealed class Ema : IDisposable
{
    private readonly FlatParameters _live;
    private readonly FlatParameters _shadow;
    private readonly (Tensor Live, Tensor Shadow)[] _buffers;

    /// <summary>Makes <paramref name="shadow"/> equal to the live module.</summary>
    /// <exception cref="ArgumentException">The two modules differ in their parameters.</exception>
    public Ema(FlatParameters live, nn.Module shadow)
    {
        ArgumentNullException.ThrowIfNull(live);
        _live = live;
        _shadow = new FlatParameters(shadow);
        static string Describe(FlatParameters p) =>
            string.Join(';', p.Layout.Select(l => $"{l.Name}[{string.Join(',', l.Shape)}]"));
        if (Describe(live) != Describe(_shadow))
            throw new ArgumentException("live module and shadow have different parameters", nameof(shadow));
        _shadow.RequireGradients(false);
        _buffers = [.. live.Module.named_buffers().Zip(shadow.named_buffers()).Select(p => (p.First.buffer, p.Second.buffer))];
        Update(0);
    }

    public nn.Module Shadow => _shadow.Module;

    /// <summary>The averages, which need no gradient.</summary>
    internal FlatParameters Averages => _shadow;

    /// <summary>shadow ← beta·shadow + (1 − beta)·live.</summary>
    public void Update(double beta)
    {
        using var noGradients = no_grad();
        if (beta == 0) _shadow.Values.copy_(_live.Values);
        else _shadow.Values.mul_(beta).add_(_live.Values, 1 - beta);
        foreach (var (live, shadow) in _buffers) shadow.copy_(live);
    }

    /// <summary>
    /// StyleGAN2's beta: a half-life of <paramref name="kimg"/> thousand images, but at most <paramref name="ramp"/> times the
    /// images seen so far; <paramref name="ramp"/> 0 switches the ramp off.
    /// </summary>
    public static double HalfLifeBeta(int batch, double kimg, double ramp, long imagesSeen) =>
        Math.Pow(0.5, batch / Math.Max(HalfLife(kimg, ramp, imagesSeen), 1e-8));

    /// <summary>That half-life, in images.</summary>
    internal static double HalfLife(double kimg, double ramp, long imagesSeen) =>
        ramp > 0 ? Math.Min(kimg * 1000, imagesSeen * ramp) : kimg * 1000;

    public void Dispose() => _shadow.Dispose();
}
