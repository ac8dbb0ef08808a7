using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>
/// γ/2 · |∂D/∂x|², times its interval, every so many steps: R1 at the reals as they were before augmentation; in pairs, R2 at the
/// fakes too.
/// </summary>
internal sealed class GradientPenaltyPhase(GanContext gan)
{
    /// <summary>Null where it was not due.</summary>
    public LazyTerm? RunWhenDue(GanStep at)
    {
        var (gamma, interval) = (gan.Options.Gamma!.Value, gan.Options.R1Interval);
        if (gamma == 0 || at.Step % interval != 0) return null;
        using var scope = NewDisposeScope();
        var n = gan.Networks;
        n.DiscriminatorAdam.ZeroGradient();
        var (reals, labels) = gan.Reals.At(at.Step);
        var c = gan.Conditioning.Encode(labels);
        var loss = Penalise(reals, c, "r1", gamma, at);
        if (gan.Objective.Pairs) loss += Penalise(Fakes(labels, at), c, "r2", gamma, at);
        var norm = n.DiscriminatorWeights.CleanGradient();
        n.DiscriminatorAdam.Step();
        return new("gradient penalty", loss, norm);
    }

    private double Penalise(Tensor images, Tensor? c, string name, double gamma, GanStep at)
    {
        images.requires_grad_();
        var score = Objective.Score(gan.Discriminate(images, c, name, at), at.ConditionWeight);
        var loss = GanLosses.R1(score, images, gamma);
        (loss * gan.Options.R1Interval).backward();
        return gan.Seen("loss/" + name, loss);
    }

    private Tensor Fakes(int[] labels, GanStep at)
    {
        using var off = no_grad();
        return gan.Fakes.Make("r2", at.Step, labels, track: false).Images;
    }
}
