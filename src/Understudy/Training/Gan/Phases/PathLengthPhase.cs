using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>2·(ℓ − μ)², times its interval, on half a batch, every so many steps.</summary>
internal sealed class PathLengthPhase(GanContext gan)
{
    private double _mean;

    public void Register(TrainingState state) => state.Add("path_length_mean", () => _mean, v => _mean = v);

    /// <summary>Null where it was not due.</summary>
    public LazyTerm? RunWhenDue(GanStep at)
    {
        var interval = gan.Options.PathLengthInterval;
        if (interval == 0 || at.Step % interval != 0) return null;
        using var scope = NewDisposeScope();
        var n = gan.Networks;
        n.GeneratorAdam.ZeroGradient();
        var (ws, _) = gan.Fakes.Latents("pl", at.Step, gan.Conditioning.Draw("pl", at.Step, gan.Options.Batch / 2), track: false);
        var images = gan.Fakes.Synthesize(ws, "pl", at.Step);
        using var random = gan.Keys.Generator("gan/path/y", at.Step);
        var (loss, mean) = GanLosses.PathLength(images, ws, randn(images.shape, generator: random), tensor((float)_mean));
        (loss * interval).backward();
        // A μ that is no number would never become one again.
        if (float.IsFinite(mean.item<float>())) _mean = mean.item<float>();
        var norm = n.GeneratorWeights.CleanGradient();
        n.GeneratorAdam.Step();
        gan.Stats.Add("path_length", _mean);
        return new("path length", gan.Seen("loss/path_length", loss), norm);
    }
}
