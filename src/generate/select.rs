//! Selections: the fields that an event satisfies to fit one branch of a pattern.

use crate::pattern::branch::{Branch, Branches};

/// The maximum number of places of a field, or of a choice, that are tried.
const PLACES: usize = 8;

/// The place of a field or of a choice.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// A branch of the pattern.
    Root(u32),
    /// An alternative of a choice.
    Choice(u32, u32),
}

/// The branches of a pattern, with the fields that some value satisfies.
pub(super) struct Selector<'b> {
    branches: &'b Branches<'b>,
    /// For each field, whether a value is known that satisfies it.
    is_usable: Vec<bool>,
    of_field: Vec<Vec<Place>>,
    of_choice: Vec<Vec<Place>>,
    /// For each choice, the alternative with the fewest fields that can hold, and their number.
    smallest: Vec<Option<(u32, usize)>>,
}

impl<'b> Selector<'b> {
    pub(super) fn new(branches: &'b Branches<'b>, is_usable: Vec<bool>) -> Selector<'b> {
        let mut selector = Selector {
            branches,
            of_field: vec![Vec::new(); branches.fields.len()],
            of_choice: vec![Vec::new(); branches.choices.len()],
            smallest: Vec::with_capacity(branches.choices.len()),
            is_usable,
        };
        // An inner choice precedes the one around it.
        for choice in &branches.choices {
            let sizes = choice.alternatives.iter().zip(0..);
            let sizes = sizes.filter_map(|(branch, at)| Some((at, selector.size(branch)?)));
            let smallest = sizes.min_by_key(|&(_, size)| size);
            selector.smallest.push(smallest);
        }
        for (branch, at) in branches.branches.iter().zip(0..) {
            selector.place(branch, Place::Root(at));
        }
        for (choice, number) in branches.choices.iter().zip(0..) {
            for (branch, at) in choice.alternatives.iter().zip(0..) {
                selector.place(branch, Place::Choice(number, at));
            }
        }
        selector
    }

    fn place(&mut self, branch: &Branch, place: Place) {
        for (members, places) in
            [(&branch.fields, &mut self.of_field), (&branch.choices, &mut self.of_choice)]
        {
            for &member in members {
                let places = &mut places[member as usize];
                if places.len() < PLACES {
                    places.push(place);
                }
            }
        }
    }

    /// Returns the number of fields of a branch with the smallest alternative of each choice, or
    /// `None` if one of them cannot hold.
    fn size(&self, branch: &Branch) -> Option<usize> {
        if !branch.fields.iter().all(|&field| self.is_usable[field as usize]) {
            return None;
        }
        branch.choices.iter().try_fold(branch.fields.len(), |size, &choice| {
            Some(size.saturating_add(self.smallest[choice as usize]?.1))
        })
    }

    /// Returns true if the field is in a branch.
    pub(super) fn is_in_play(&self, field: usize) -> bool {
        !self.of_field[field].is_empty()
    }

    /// Returns the fields of the smallest branch that can hold, in the order of the text.
    pub(super) fn smallest(&self) -> Option<Vec<usize>> {
        let sizes = self.branches.branches.iter().zip(0..);
        let sizes = sizes.filter_map(|(branch, at)| Some((at, self.size(branch)?)));
        let (at, _) = sizes.min_by_key(|&(_, size)| size)?;
        self.around(Place::Root(at), None)
    }

    /// Returns the fields of some branches that have a field and that can hold, in the order of the
    /// text. The smallest one is first.
    pub(super) fn with(&self, field: usize) -> Vec<Vec<usize>> {
        let places = self.of_field[field].iter();
        let mut found: Vec<_> = places.filter_map(|&place| self.around(place, Some(field))).collect();
        found.sort_by_key(Vec::len);
        found
    }

    /// Returns the fields of a branch that goes through a place, or `None` if one of them cannot
    /// hold.
    fn around(&self, place: Place, field: Option<usize>) -> Option<Vec<usize>> {
        let mut fields = Vec::new();
        let mut open = Vec::new();
        let (mut place, mut chosen) = (place, None);
        // From the inside out. The other choices of each branch around the place are added to `open`.
        loop {
            let branch = match place {
                Place::Root(at) => &self.branches.branches[at as usize],
                Place::Choice(choice, at) => {
                    &self.branches.choices[choice as usize].alternatives[at as usize]
                }
            };
            open.push((branch, chosen));
            let Place::Choice(choice, _) = place else { break };
            chosen = Some(choice);
            // The first place at which everything else can hold.
            let places = &self.of_choice[choice as usize];
            place = *places.iter().find(|place| self.can_hold(**place, choice)).or(places.first())?;
        }
        while let Some((branch, chosen)) = open.pop() {
            for &at in &branch.fields {
                if !self.is_usable[at as usize] && field != Some(at as usize) {
                    return None;
                }
                fields.push(at as usize);
            }
            for &choice in branch.choices.iter().filter(|&&choice| Some(choice) != chosen) {
                let (at, _) = self.smallest[choice as usize]?;
                open.push((&self.branches.choices[choice as usize].alternatives[at as usize], None));
            }
        }
        fields.sort_unstable();
        Some(fields)
    }

    /// Returns true if the fields and the other choices at the place of a choice can hold.
    fn can_hold(&self, place: Place, inner: u32) -> bool {
        let branch = match place {
            Place::Root(at) => &self.branches.branches[at as usize],
            Place::Choice(choice, at) => &self.branches.choices[choice as usize].alternatives[at as usize],
        };
        branch.fields.iter().all(|&field| self.is_usable[field as usize])
            && branch
                .choices
                .iter()
                .all(|&choice| choice == inner || self.smallest[choice as usize].is_some())
    }
}
