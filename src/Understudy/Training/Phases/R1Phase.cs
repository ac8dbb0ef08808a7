using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>γ/2 · |∂D/∂x|² at the reals as they were before augmentation, times its interval, every so many steps.</summary>
internal sealed class R1Phase(GanContext gan)
{
    public void RunWhenDue(GanStep at)
    {
        var (gamma, interval) = (gan.Options.Gamma!.Value, gan.Options.R1Interval);
        if (gamma == 0 || at.Step % interval != 0) return;
        using var scope = NewDisposeScope();
        var n = gan.Networks;
        n.DiscriminatorAdam.ZeroGradient();
        var (reals, labels) = gan.Reals.At(at.Step);
        var images = reals.requires_grad_();
        var logits = n.Discriminator.call(gan.Augmenter.Apply(images, at.AugmentP, "gan/augment/r1", at.Step), gan.Conditioning.Encode(labels));
        var loss = GanLosses.R1(logits, images, gamma);
        (loss * interval).backward();
        n.DiscriminatorWeights.CleanGradient();
        n.DiscriminatorAdam.Step();
        gan.Seen("loss/r1", loss);
    }
}
